"""What `--where` takes, and what it says about the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.errors import InputError
from lookalike.nouns.where import FIELDS, FORMATS, Condition, Where


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   ", []),
        ("width >= 1000", [("width", ">=", 1000)]),
        ("width>=1000", [("width", ">=", 1000)]),
        ("height = 600 px", [("height", "=", 600)]),
        ("size > 1MB", [("size", ">", 1_000_000)]),
        ("size > 1.5 mib", [("size", ">", 1.5 * 2**20)]),
        ("size <= 300", [("size", "<=", 300)]),
        ("size < 2kb", [("size", "<", 2000)]),
        ("megapixels >= 12", [("megapixels", ">=", 12.0)]),
        ("taken = 2019-07-04", [("taken", "=", "2019-07-04")]),
        ("taken < 2019-07-04 12:30", [("taken", "<", "2019-07-04T12:30")]),
        ("modified != '2019-07-04T12:30:01.25'", [("modified", "!=", "2019-07-04T12:30:01.25")]),
        ("format = jpg", [("format", "=", "JPEG")]),
        ("format != heif", [("format", "!=", "HEIC")]),
        ("format like j*", [("format", "like", "J*")]),
        ("path like holiday/*.jpg", [("path", "like", "holiday/*.jpg")]),
        ("path = my pictures/a.jpg", [("path", "=", "my pictures/a.jpg")]),
        ('path = "  spaced and = quoted "', [("path", "=", "  spaced and = quoted ")]),
        ("path LIKE '*' AND Width > 1", [("path", "like", "*"), ("width", ">", 1)]),
        (
            "taken >= 2020-01 and taken < 2021 and size > 1GB",
            [("taken", ">=", "2020-01"), ("taken", "<", "2021"), ("size", ">", 10**9)],
        ),
    ],
)
def test_understood(text: str, expected: list[tuple[str, str, str | int | float]]) -> None:
    assert Where.parse(text) == Where(tuple(Condition(*parts) for parts in expected))


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("widht > 3", "Unknown field 'widht'", "did you mean 'width'?"),
        ("colour = red", "Unknown field 'colour'", "one of path, format, taken"),
        ("width => 3", "Unknown comparison for width '=>'", "did you mean"),
        ("width like 3", "Unknown comparison for width 'like'", "one of =, !=, <"),
        ("path > a", "Unknown comparison for path '>'", "path like 'holiday/*.jpg'"),
        ("path liek a", "Unknown comparison for path 'liek'", "did you mean 'like'?"),
        ("format = jpgg", "Unknown format 'jpgg'", "did you mean 'JPEG'?"),
        ("size > 3 MX", "Unknown unit for size 'MX'", "size > 1MB"),
        ("width > 3 MB", "Unknown unit for width 'MB'", "width >= 1000"),
        ("width > wide", "'wide' is not a number", "for example: width >= 1000"),
        ("width > -3", "'-3' is not a number", "width"),
        ("taken > yesterday", "'yesterday' is not a date", "for example: taken >= 2020-01"),
        ("taken > 2020-13", "'2020-13' is not a date", "taken"),
        ("taken > 2021-02-29", "'2021-02-29' is not a date", "taken"),
        ("taken > 0000", "'0000' is not a date", "taken"),
        ("modified > 2020-1", "'2020-1' is not a date", "modified"),
        ("width", "A condition is a field, a comparison and a value", "for example"),
        ("width >", "A condition is", "for example"),
        ("and", "A condition is", "for example"),
        ("width > 3 and", "A condition is", "for example"),
        ("width > 3 or height > 3", "'3 or height > 3' is not a number", "width"),
        ("path = 'open", "A quote is not closed", "close it"),
    ],
)
def test_refused_with_a_mend(text: str, what: str, mend: str) -> None:
    with pytest.raises(InputError) as told:
        Where.parse(text)
    assert what in told.value.what
    assert mend in told.value.mend


@given(text=st.text())
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        Where.parse(text)
    except InputError as error:
        assert error.mend


words = st.lists(st.sampled_from([*FIELDS, "=", "<", "like", "and", "2019", "'", "x", "1MB"]))


@given(pieces=words)
def test_any_words_are_understood_or_refused(pieces: list[str]) -> None:
    try:
        Where.parse(" ".join(pieces))
    except InputError as error:
        assert error.mend


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [("size", ">", "1MB"), ("taken", "=", 2019), ("path", "=", 3), ("sise", "=", 3)],
)
def test_a_condition_checks_itself(field: str, op: str, value: str | int) -> None:
    with pytest.raises(InputError):
        Condition(field, op, value)


@pytest.mark.parametrize("name", FORMATS)
def test_formats_are_taken_in_any_case(name: str) -> None:
    assert Where.parse(f"format = {name.lower()}").conditions[0].value == name


def test_each_field_shows_an_example_that_is_right() -> None:
    for field, kind in FIELDS.items():
        example = Condition(field, "=", 1 if kind == "number" else "2019").example
        assert Where.parse(example).conditions[0].field == field


def test_every_format_that_is_read_can_be_asked_for_and_no_other():
    from lookalike.images import plugins

    assert set(FORMATS) == set(plugins._PLUGINS)
