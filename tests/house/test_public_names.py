"""The public names: one list, sorted, each explained."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

import lookalike
from lookalike import api

EXTRAS = {"openvino", "pillow_heif"}
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "python.md"


def test_the_list_is_sorted_and_complete():
    public = {
        name
        for name, thing in vars(api).items()
        if not name.startswith("_") and not inspect.ismodule(thing)
    }
    assert api.__all__ == sorted(public)


def test_the_package_forwards_exactly_the_list():
    assert dir(lookalike) == sorted(api.__all__)
    for name in api.__all__:
        assert getattr(lookalike, name) is getattr(api, name)


@pytest.mark.parametrize("name", ["no_such_name", "_hidden"])
def test_other_names_are_refused_like_python_does(name):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
        getattr(lookalike, name)
    with pytest.raises(ImportError, match=name):
        exec(f"from lookalike import {name}", {})


@pytest.mark.parametrize("name", api.__all__)
def test_each_name_has_a_docstring_of_its_own_and_a_place_in_the_reference(name):
    thing = getattr(api, name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        # Dataclasses without a docstring are given their signature as one.
        assert thing.__doc__
        assert not thing.__doc__.startswith(f"{name}(")
    if inspect.isroutine(thing):
        told = str(inspect.signature(thing)).replace("tuple[typing.Any, ...]", "any shape")
        assert not re.search(r"\bAny\b", told)
    assert f"\n## `lookalike.{name}`\n" in REFERENCE.read_text(encoding="utf-8")


def test_every_module_can_be_imported_by_itself_where_its_extra_is_installed():
    package = Path(api.__file__).parent
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        try:
            importlib.import_module(".".join(parts).removesuffix(".__init__"))
        except ModuleNotFoundError as missing:
            assert missing.name.partition(".")[0] in EXTRAS, f"{path.name} needs {missing.name}"
