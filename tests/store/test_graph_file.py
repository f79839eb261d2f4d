"""The file of a graph: read back as it was written, and never trusted when it is anything else."""

import numpy as np
import pytest
from made_pictures import batch, open_writer

from lookalike.nouns.errors import InputError
from lookalike.store.graph_file import GraphFile
from lookalike.store.layout import graph_files, graph_path
from lookalike.store.reader import IndexReader

FACTS = {"recall": "0.98"}
BODY = bytes(range(256)) * 20
VECTORS = np.random.default_rng(0).standard_normal((500, 8)).astype(np.float16)


def save(path) -> None:
    path.write_bytes(BODY)


@pytest.fixture
def file(tmp_path) -> GraphFile:
    return GraphFile(tmp_path, 1, VECTORS, "f" * 64)


def test_what_was_written_is_read_back_and_nothing_else_lies_there(file, tmp_path):
    assert file.read() is None
    file.write(400, FACTS, save)
    stored = file.read()
    assert stored is not None
    assert (stored.body.tobytes(), stored.n_rows, stored.facts) == (BODY, 400, FACTS)
    assert list(tmp_path.iterdir()) == [graph_path(tmp_path, 1)]


def test_rows_may_have_been_added_since(file, tmp_path):
    file.write(400, FACTS, save)
    more = np.concatenate([VECTORS, VECTORS])
    assert GraphFile(tmp_path, 1, more, "f" * 64).read() is not None


def test_other_vectors_another_model_or_fewer_rows_do_not_fit(file, tmp_path):
    file.write(400, FACTS, save)
    assert GraphFile(tmp_path, 1, VECTORS[::-1].copy(), "f" * 64).read() is None
    assert GraphFile(tmp_path, 1, VECTORS, "e" * 64).read() is None
    assert GraphFile(tmp_path, 1, VECTORS[:399], "f" * 64).read() is None
    assert GraphFile(tmp_path, 2, VECTORS, "f" * 64).read() is None


def test_one_wrong_byte_anywhere_is_noticed(file, tmp_path):
    file.write(400, FACTS, save)
    path = graph_path(tmp_path, 1)
    whole = path.read_bytes()
    for at in [*range(0, len(BODY), 511), *range(len(BODY), len(whole))]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert file.read() is None, at


def test_a_file_cut_anywhere_or_with_anything_behind_it_is_not_read(file, tmp_path):
    file.write(400, FACTS, save)
    path = graph_path(tmp_path, 1)
    whole = path.read_bytes()
    for length in [*range(0, len(BODY), 700), *range(len(BODY), len(whole))]:
        path.write_bytes(whole[:length])
        assert file.read() is None, length
    path.write_bytes(whole + b"\0")
    assert file.read() is None


def test_what_fails_leaves_the_old_graph_and_no_rest(file, tmp_path):
    file.write(400, FACTS, save)

    def half(path) -> None:
        path.write_bytes(BODY[:10])
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="full"):
        file.write(500, FACTS, half)
    stored = file.read()
    assert stored is not None
    assert stored.n_rows == 400
    assert list(tmp_path.iterdir()) == [graph_path(tmp_path, 1)]


def test_a_writer_removes_what_is_left_of_graphs_but_keeps_the_one_that_counts(tmp_path):
    with open_writer(tmp_path / "index") as writer:
        writer.commit(batch(range(5)))
    with IndexReader.open(tmp_path / "index") as reader:
        reader.graph_file().write(5, FACTS, save)
    for name in ("graph-7.usearch", "graph-1.usearch.123.part"):
        (tmp_path / "index" / name).write_bytes(b"left")
    open_writer(tmp_path / "index").close()
    assert list(graph_files(tmp_path / "index")) == [graph_path(tmp_path / "index", 1)]


def test_a_compacted_index_has_no_graph_any_more(tmp_path):
    folder = tmp_path / "index"
    with open_writer(folder) as writer:
        writer.commit(batch(range(2_000)))
    with IndexReader.open(folder) as reader:
        reader.graph_file().write(2_000, FACTS, save)
    with open_writer(folder) as writer:
        writer.forget(f"album/{number}.jpg" for number in range(1_500))
        assert writer.compact()
    with IndexReader.open(folder) as reader:
        assert reader.graph_file().read() is None
    assert graph_files(folder) == {}


def test_an_index_that_is_thrown_away_takes_its_graph_along(tmp_path):
    folder = tmp_path / "index"
    with open_writer(folder) as writer:
        writer.commit(batch(range(5)))
    with IndexReader.open(folder) as reader:
        reader.graph_file().write(5, FACTS, save)
    type(writer).remove(folder)
    assert graph_files(folder) == {}
