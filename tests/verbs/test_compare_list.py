"""compare --list: a line gets what its pictures get alone, each picture is read once."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

import lookalike
from lookalike.cli.main import main
from lookalike.nouns.errors import InputError, UnreadableImage

PAIRS = [
    ("c.jpg", "c-small.jpg", 1),
    ("c.jpg", "c-mirrored.jpg", 1),
    ("b.png", "b.bmp", 1),
    ("a.jpg", "g.jpg", 0),
    ("e.jpg", "h.jpg", 0),
    ("c-small.jpg", "c.jpg", 1),
]
TRIPLETS = [("c", "c-small", "h"), ("a", "e", "backup/a"), ("d", "d-turned", "g")]


@pytest.fixture
def pairs(read_album, tmp_path):
    lines = [f"{read_album / a},{read_album / b},{same}" for a, b, same in PAIRS]
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join(["a,b,same", *lines]))
    return path


@pytest.fixture
def triplets(tmp_path):
    path = tmp_path / "triplets.txt"
    path.write_text("# three names a line\n" + "\n".join(" ".join(line) for line in TRIPLETS))
    return path


def test_each_pair_gets_what_it_gets_alone(pairs, read_album):
    found = lookalike.compare_list(pairs)
    assert not found.is_triplets and len(found.lines) == len(PAIRS)
    for line, (a, b, same) in zip(found.lines, PAIRS, strict=True):
        alone = lookalike.compare(read_album / a, read_album / b).pairs[0]
        assert line.verdict == alone.verdict and line.probability == alone.alike
        assert line.truth == bool(same)
    accuracy = {measure.name: measure for measure in found.measures}["accuracy"]
    right = [line.answer == line.truth for line in found.lines]
    assert accuracy.value == pytest.approx(sum(right) / len(right))


def test_each_triplet_gets_what_three_pictures_get(triplets, read_album):
    found = lookalike.compare_list(triplets, pictures=read_album)
    assert found.is_triplets
    for line in found.lines:
        alone = lookalike.compare(*line.paths)
        assert line.probability == pytest.approx(alone.trio.b_is_nearer, abs=1e-6)
    assert [line.answer for line in found.lines] == [True, False, True]
    assert found.measures[0].value == pytest.approx(2 / 3)


def test_each_picture_is_read_once(pairs, decodes):
    lookalike.compare_list(pairs)
    assert len(decodes) == len({name for a, b, _ in PAIRS for name in (a, b)})


def test_without_answers_nothing_is_counted_and_torn_pictures_get_no_answer(read_album, tmp_path):
    path = tmp_path / "asked.csv"
    rows = [("a.jpg", "torn.jpg"), ("a.jpg", "g.jpg")]
    path.write_text("a,b\n" + "\n".join(f"{read_album / a},{read_album / b}" for a, b in rows))
    found = lookalike.compare_list(path)
    assert found.measures == () and found.lines[0].answer is None
    assert found.lines[1].answer is not None
    assert [failure.path.name for failure in found.failed] == ["torn.jpg"]
    path.write_text(f"a,b\n{read_album / 'torn.jpg'},{read_album / 'torn.jpg'}\n")
    with pytest.raises(UnreadableImage):
        lookalike.compare_list(path)


def test_missing_pictures_and_wrong_answers_are_refused(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("a,b\nx.jpg,y.jpg\n")
    with pytest.raises(InputError, match="are not there"):
        lookalike.compare_list(path)
    path.write_text("a,b\n")
    with pytest.raises(InputError, match="no pair"):
        lookalike.compare_list(path)


def test_the_command_prints_plain_lines(pairs, triplets, read_album):
    lines = CliRunner().invoke(main, ["compare", "--list", str(pairs)]).stdout.splitlines()
    assert [line[0] for line in lines[:6]] == ["1", "1", "1", lines[3][0], lines[4][0], "1"]
    assert 0.99 < float(lines[0].split()[1]) < 1
    assert "accuracy" in "\n".join(lines)
    words = ["compare", "--list", str(triplets), "--pictures", str(read_album)]
    data = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert data["kind"] == "triplets" and [line["answer"] for line in data["lines"]] == [1, 0, 1]
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(main, [*words, "--csv"]).stdout)))
    assert [row["answer"] for row in rows] == ["1", "0", "1"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["a.jpg", "--list", "x.csv"], "neither with pictures"),
        (["a.jpg", "b.jpg", "--pictures", "."], "goes with --list"),
        ([], "'A'"),
    ],
)
def test_what_does_not_go_together_is_refused(words, what):
    result = CliRunner().invoke(main, ["compare", *words])
    assert result.exit_code == 2 and what in result.output
