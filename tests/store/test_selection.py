"""Conditions choose the rows that plain Python chooses."""

from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import described, digest, open_writer

from lookalike.nouns.entry import Entry, StoredFile
from lookalike.nouns.where import Condition, Where
from lookalike.store.reader import IndexReader
from lookalike.store.writer import Batch

COMPARE: dict[str, Callable[[object, object], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}
NUMBERS = 40
SECOND = 10**9


def mtime_ns(number: int) -> int:
    """A few per month from 2015 on, local time, with a fraction of a second."""
    return (
        int(datetime(2015 + number // 12, 1 + number % 12, 3, 14, 15, 9).timestamp()) * SECOND + 7
    )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    folder = tmp_path_factory.mktemp("index")
    numbers = range(NUMBERS)
    files = [
        (f"{'Holiday' if n % 2 else 'work/x'}/IMG_{n}.JPG", n * 1000, mtime_ns(n), digest(n))
        for n in numbers
    ]
    files += [(f"copies/{n}.jpg", n * 1000, mtime_ns(n + 60), digest(n)) for n in range(0, 40, 4)]
    with open_writer(folder) as index:
        index.commit(Batch([described(n) for n in numbers], files))
        index.commit(Batch(failures=[("Holiday/bad.jpg", 3000, mtime_ns(3), "cut off")]))
        index.forget(["Holiday/IMG_5.JPG"])
    return IndexReader.open(folder)


def local_iso(file: StoredFile) -> str:
    seconds, rest = divmod(file.mtime_ns, SECOND)
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%dT%H:%M:%S}.{rest // 1000:06}"


def holds(condition: Condition, entry: Entry, file: StoredFile) -> bool:
    facts, value = entry.facts, condition.value
    pixels = facts.width_px * facts.height_px
    has: object = {
        "path": file.path,
        "format": facts.format,
        "taken": facts.taken,
        "modified": local_iso(file),
        "size": file.size_bytes,
        "width": facts.width_px,
        "height": facts.height_px,
        "megapixels": pixels / 1e6,
    }[condition.field]
    if condition.op == "like":
        return fnmatchcase(str(has).lower(), str(value).lower())
    if condition.field in ("taken", "modified"):
        if not has:
            return False
        has = str(has)[: len(str(value))]
    return COMPARE[condition.op](has, value)


def check(reader: IndexReader, where: Where) -> list[int]:
    expected = [
        entry.row
        for entry in reader.all_entries()
        if any(all(holds(c, entry, file) for c in where.conditions) for file in entry.files)
    ]
    assert reader.rows_where(where).tolist() == expected, where
    return expected


dates = st.one_of(
    st.integers(1998, 2022).map(str),
    st.sampled_from(["2015-03", "2017-12", "2009-07", "9999", "9999-12-31", "0001"]),
    st.sampled_from(["2003-07-04", "2015-03-03", "2015-03-03T14", "2003-07-04T12:30"]),
    st.sampled_from(["2003-07-04T12:30:15", "2015-03-03T14:15:09", "2015-03-03T14:15:09.0"]),
)
orders = st.sampled_from(list(COMPARE))
matches = st.sampled_from(["=", "!=", "like"])
conditions = st.one_of(
    st.builds(Condition, st.sampled_from(["taken", "modified"]), orders, dates),
    st.builds(Condition, st.just("size"), orders, st.integers(0, 40).map(lambda n: n * 1000)),
    st.builds(Condition, st.just("width"), orders, st.integers(95, 145)),
    st.builds(Condition, st.just("height"), orders, st.sampled_from([199, 200, 201])),
    st.builds(Condition, st.just("megapixels"), orders, st.sampled_from([0.02, 0.0254, 0.0278])),
    st.builds(Condition, st.just("format"), matches, st.sampled_from(["JPEG", "PNG", "P*"])),
    st.builds(
        Condition,
        st.just("path"),
        matches,
        st.sampled_from(
            ["holiday/*", "*.jpg", "*[13].JPG", "work*", "copies/?.jpg", "copies/8.jpg"]
        ),
    ),
)


@settings(max_examples=150, deadline=None)
@given(where=st.lists(conditions, max_size=3).map(lambda some: Where(tuple(some))))
def test_rows_are_those_that_plain_python_chooses(reader: IndexReader, where: Where) -> None:
    check(reader, where)


@pytest.mark.parametrize(
    "text",
    [
        "path like 'holiday/*' and taken >= 2005",
        "path like '*/IMG_1?.jpg'",
        "modified = 2015-03",
        "size > 3kB and size <= 9kB",
        "path like copies/* and modified > 2019",
        "taken != 2003",
        "format = png and width > 120",
    ],
)
def test_typed_conditions(reader: IndexReader, text: str) -> None:
    assert 0 < len(check(reader, Where.parse(text))) < NUMBERS - 1


def test_conditions_on_files_hold_for_one_file(reader: IndexReader) -> None:
    """Picture 0 has an old file under work/ and a young one under copies/."""
    assert 0 in check(reader, Where.parse("path like copies/* and modified > 2019"))
    assert 0 not in check(reader, Where.parse("path like work/* and modified > 2019"))


def test_numbers_beyond_the_database_are_no_error(reader: IndexReader) -> None:
    assert check(reader, Where.parse("width < 99999999999999999999999")) == list(reader.live_rows())
    assert check(reader, Where.parse("size > 99999999999999TB")) == []


def test_a_path_that_is_no_text(tmp_path: Path) -> None:
    name = "\udce9t\udce9.jpg"
    with open_writer(tmp_path) as index:
        index.commit(Batch([described(1)], [(name, 1, 1, digest(1))]))
    with IndexReader.open(tmp_path) as reader:
        assert reader.rows_where(Where((Condition("path", "=", name),))).tolist() == [0]
        assert reader.rows_where(Where((Condition("path", "like", "*.JPG"),))).tolist() == [0]
