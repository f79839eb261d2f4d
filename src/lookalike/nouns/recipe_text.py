"""From TOML to frozen dataclasses and back; what is not known is refused, with the nearest name."""

import difflib
import json
import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from lookalike.nouns.errors import RecipeError

_Made = TypeVar("_Made")


def filled(kind: type[_Made], data: Mapping[str, object], where: str = "") -> _Made:
    """A dataclass made of a mapping.

    Raises:
        RecipeError: a key is not known or missing, or a value does not fit.
    """
    hints = get_type_hints(kind)
    _refuse_unknown(data, list(hints), where)
    for part in fields(kind):  # type: ignore[arg-type]
        needed = part.default is MISSING and part.default_factory is MISSING
        if needed and part.name not in data:
            raise RecipeError(
                f"The key {part.name!r} is missing",
                where=_join(where, part.name),
                mend=f'write {part.name} = "..." above the first [part]',
            )
    return kind(**{k: _value(hints[k], value, _join(where, k)) for k, value in data.items()})


def overlaid(made: _Made, changes: Mapping[str, Mapping[str, object]], where: str = "") -> _Made:
    """The same with other values, part by part.

    A change to a part that is a list, as `loss` is, changes each of its members.

    Args:
        made: a dataclass of dataclasses.
        changes: part to key to value.
        where: the changes stand, for errors.

    Raises:
        RecipeError: a part or key is not known, or a value does not fit.
    """
    hints = get_type_hints(type(made))
    _refuse_unknown(changes, list(hints), where)
    parts: dict[str, Any] = {}
    for name, change in changes.items():
        old, place = getattr(made, name), _join(where, name)
        if not isinstance(change, Mapping):
            parts[name] = _value(hints[name], change, place)
        elif isinstance(old, tuple):
            parts[name] = tuple(_changed(part, change, place) for part in old)
        else:
            parts[name] = _changed(old, change, place)
    return replace(made, **parts)  # type: ignore[type-var]


def _changed(part: Any, change: Mapping[str, object], where: str) -> Any:  # noqa: ANN401
    if not is_dataclass(part):
        raise RecipeError("This is no part of a recipe", where=where)
    hints = get_type_hints(type(part))
    _refuse_unknown(change, list(hints), where)
    return replace(
        part,  # type: ignore[type-var]
        **{k: _value(hints[k], v, _join(where, k)) for k, v in change.items()},
    )


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _refuse_unknown(data: Mapping[str, object], known: list[str], where: str) -> None:
    for key in data:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1, 0.5)
            mend = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
            raise RecipeError(f"The key {key!r} is not known", where=_join(where, key), mend=mend)


def _value(hint: Any, value: object, where: str) -> Any:  # noqa: ANN401
    """The value as the annotation wants it, or an error that says what would fit."""
    origin = get_origin(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, Mapping):
            raise RecipeError(f"This is a part: write [{where}]", where=where)
        return filled(hint, value, where)
    if origin in (Union, types.UnionType):
        inner = [kind for kind in get_args(hint) if kind is not type(None)]
        return None if value is None else _value(inner[0], value, where)
    if origin is Literal:
        if value not in get_args(hint):
            raise RecipeError(
                f"{value!r} is not known here", where=where, mend=_choices(value, get_args(hint))
            )
        return value
    if origin is tuple:
        listed = value if isinstance(value, list | tuple) else _items(value)
        return tuple(_value(get_args(hint)[0], item, where) for item in listed)
    if isinstance(hint, type) and not get_args(hint):
        return _plain(hint, value, where)
    if not isinstance(value, Mapping):
        raise RecipeError(f"This is a part: write [{where}]", where=where)
    return types.MappingProxyType(dict(value))


def _items(value: object) -> list[object]:
    """A list that was written as one value: "a, b" is two texts."""
    if not isinstance(value, str):
        return [value]
    return [item.strip() for item in value.split(",")] if value else []


def _choices(value: object, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(str(value), known, 1, 0.5)
    return f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"


def _plain(kind: type, value: object, where: str) -> object:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise RecipeError(f"{value} does not fit: this is a finite number", where=where)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        names = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
        raise RecipeError(
            f"{value!r} does not fit: this is {names.get(kind, kind.__name__)}", where=where
        )
    return value


def to_toml(made: object) -> str:
    """A dataclass as TOML: plain values first, then a table for each part."""
    plain, tables = [], []
    for part in fields(made):  # type: ignore[arg-type]
        value = getattr(made, part.name)
        if is_dataclass(value):
            tables.append(f"\n[{part.name}]\n{_lines(value)}")
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            tables += [f"\n[[{part.name}]]\n{_lines(member)}" for member in value]
        elif isinstance(value, Mapping):
            tables += [_quick_table(part.name, name, keys) for name, keys in value.items()]
        else:
            plain.append(f"{part.name} = {_literal(value)}\n")
    return "".join(plain) + "".join(tables)


def _quick_table(part: str, name: str, keys: Mapping[str, object]) -> str:
    return f"\n[{part}.{name}]\n" + "".join(f"{k} = {_literal(v)}\n" for k, v in keys.items())


def _lines(part: object) -> str:
    pairs = [(f.name, getattr(part, f.name)) for f in fields(part)]  # type: ignore[arg-type]
    return "".join(f"{name} = {_literal(value)}\n" for name, value in pairs if value is not None)


def _literal(value: object) -> str:
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    # TOML wants one control character more escaped than JSON does.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
