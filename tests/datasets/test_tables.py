import csv
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.datasets.table import read_table
from lookalike.nouns.errors import InputError, MissingExtra

CELLS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\ufeff"),
    min_size=1,
    max_size=12,
).map(lambda text: text.strip() or "x")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_programs_write_is_read(tmp_path, encoding, delimiter, ending):
    lines = ["Path,Label ", '"a, b.jpg",café', "", ' c.jpg ,"say ""hi"""', ""]
    path = tmp_path / "m.csv"
    lines = [line.replace(",", delimiter) for line in lines]
    path.write_bytes(ending.join(lines).encode(encoding))
    table = read_table(path)
    assert table["path"] == [f"a{delimiter} b.jpg", "c.jpg"]
    assert table["label"] == ["café", 'say "hi"']
    assert list(table.lines) == [2, 4]


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8), delimiter=st.sampled_from(",;\t|"))
def test_what_the_csv_module_writes_comes_back(tmp_path_factory, rows, delimiter):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([("path", "label"), *rows])
    path = tmp_path_factory.mktemp("t") / "m.csv"
    path.write_text(stream.getvalue(), "utf-8", newline="")
    table = read_table(path)
    assert list(zip(table["path"], table["label"], strict=True)) == rows


def table_of(tmp_path, text: str, name: str = "m.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_table(path)


def test_separators_at_the_end_of_a_line_do_no_harm(tmp_path):
    assert table_of(tmp_path, "path,label\na.jpg,cat,,\n")["label"] == ["cat"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("path,label\na.jpg,cat\nb, c.jpg,dog\n", "line 3", "3 cells, the first line 2"),
        ("path,label\na.jpg\n", "line 2", "1 cells"),
        ('path,label\n"a.jpg,cat\n', "line 2", "no table"),
        ("\n\n", "", "empty"),
    ],
)
def test_a_broken_table_is_told_with_its_line(tmp_path, text, line, what):
    with pytest.raises(InputError, match=what) as caught:
        table_of(tmp_path, text)
    assert line in caught.value.where
    assert caught.value.mend


def test_other_encodings_are_told(tmp_path):
    (tmp_path / "m.csv").write_bytes("path,label\na.jpg,café\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_table(tmp_path / "m.csv")


@pytest.mark.parametrize(
    ("header", "wanted", "near"),
    [
        ("path,class", "label", "rename 'class' to 'label'"),
        ("path,lable", "label", "rename 'lable' to 'label'"),
        ("filename,label", "path", "rename 'filename' to 'path'"),
        ("path,xyz", "label", "add a column 'label'"),
    ],
)
def test_a_column_that_is_not_there_is_told_with_the_nearest(tmp_path, header, wanted, near):
    table = table_of(tmp_path, f"{header}\na,b\n")
    with pytest.raises(InputError, match=f"no column '{wanted}'") as caught:
        table[wanted]
    assert caught.value.mend == near


def test_an_empty_cell_is_told_where_there_may_be_none(tmp_path):
    table = table_of(tmp_path, "path,label\na.jpg,cat\n,dog\n")
    with pytest.raises(InputError, match="path is empty") as caught:
        table.filled("path")
    assert caught.value.where.endswith("line 3")


def test_parquet_reads_like_csv(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    columns = {"Path": ["a.jpg", "b.jpg"], "label": [1, None], "picture": [b"x", b"y"]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "m.parquet")
    table = read_table(tmp_path / "m.parquet")
    assert (table["path"], table["label"]) == (["a.jpg", "b.jpg"], ["1", ""])
    (tmp_path / "n.parquet").write_bytes(b"no such thing")
    with pytest.raises(InputError, match="no Parquet"):
        read_table(tmp_path / "n.parquet")


def test_parquet_without_its_extra_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"lookalike\[parquet\]"):
        read_table(tmp_path / "m.parquet")
