"""`lookalike spark` as it is typed, on the session of these tests; and what goes wrong."""

import json

import pytest
from click.testing import CliRunner
from same_answer import spark_contents

import lookalike
from lookalike.cli.main import main
from lookalike.spark import duplicates, index, search
from lookalike.spark.frames import map_arrow
from lookalike.spark.session import check_installed, session_for


def run(*words, code=0):
    result = CliRunner().invoke(main, ["spark", *map(str, words)], env={"COLUMNS": "120"})
    assert result.exit_code == code, result.output
    return result


def test_the_commands_say_what_they_did(spark, work, tmp_path):
    queries = tmp_path / "queries"
    queries.mkdir()
    (queries / "mine.jpg").write_bytes((work / "album/0/_00000.jpg").read_bytes())
    (queries / "notes.txt").write_text("no picture")
    told = run("search", work / "table", queries, "-k", 2).stdout.splitlines()
    words = ["mine.jpg", "0/_00000.jpg", "same", "file", "100%", "1.0000", "0"]
    assert told[1].replace(" %", "%").split()[:7] == words
    shown = json.loads(run("search", work / "table", queries, "-k", 2, "--json").stdout)
    assert [hit["place"] for hit in shown["hits"]] == [1, 2]
    again = run("index", work / "album", work / "table").stdout
    assert "nothing new" in again and "1 file could not be read" in again
    empty = run("search", work / "table", tmp_path / "no-such", code=2).stderr
    assert "There is no such folder" in empty


def test_hits_have_the_verdicts_of_one_machine_where_no_look_is_needed(spark, work):
    hits = search(spark, str(work / "album"), str(work / "table"), k=4).collect()
    source = lookalike.Source(work / "album", index=work / "one", as_is=True)
    known = lookalike.search([work / "album" / hit["query"] for hit in hits], source, k=40)
    there = {
        (answer.query.relative_to(work / "album").as_posix(), hit.path): hit.verdict
        for answer in known.answers
        for hit in answer.hits
    }
    held = {hit for hit in hits if not hit.doubtful and (hit["query"], hit.path) in there}
    held = {hit for hit in held if there[hit["query"], hit.path].rung != "pixels"}
    assert len(held) > 12
    for hit in held:
        verdict = there[hit["query"], hit.path]
        assert hit.verdict == str(verdict.level)
        assert hit.score == pytest.approx(verdict.score, abs=2e-4)  # here queries are rounded too
        assert hit.probability == pytest.approx(verdict.probability, abs=0.01)


def test_a_table_of_bytes_is_read_like_a_folder(spark, work, tmp_path):
    files = sorted((work / "album" / "0").iterdir())[:8]
    rows = [(path.relative_to(work / "album").as_posix(), path.read_bytes()) for path in files]
    table = spark.createDataFrame(rows, "path string, content binary")
    place = str(tmp_path / "table")
    assert index(spark, table, place).added == 8
    held, _ = spark_contents(spark, place)
    whole, _ = spark_contents(spark, str(work / "table"))
    assert {digest: row[1:] for digest, row in held.items()}.items() <= {
        digest: row[1:] for digest, row in whole.items()
    }.items()
    with pytest.raises(lookalike.InputError, match="needed again"):
        duplicates(spark, place, str(tmp_path / "out"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["index", "no-such-folder", "T"], "There is no such folder"),
        (["duplicates", "no-such-table", "out"], "lookalike spark index"),
        (["match", "no-such-table", "T", "out"], "There is no table"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_says_why(spark, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    assert said in run(*words, code=2).stderr


def test_tables_of_other_models_and_folders_of_other_things_are_left_alone(spark, work, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    with pytest.raises(lookalike.InputError, match="holds other things"):
        index(spark, str(work / "album"), str(other))
    said = run("duplicates", work / "table", other, code=2).stderr
    assert "mine.txt" in said and [path.name for path in other.iterdir()] == ["mine.txt"]


def test_nothing_needs_pandas(spark):
    def tell(batches):
        import sys

        for batch in batches:
            try:
                import pandas  # noqa: F401
            except ModuleNotFoundError:
                assert "pandas" not in sys.modules
                yield batch

    frame = spark.range(3)
    assert map_arrow(frame, tell, "id bigint").count() == 3
    with pytest.raises(ImportError):
        import pandas  # noqa: F401


def test_without_spark_or_java_the_mend_is_told(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(lookalike.MissingExtra, match="pyspark") as caught:
        check_installed()
    assert "lookalike[spark]" in caught.value.mend
    monkeypatch.undo()
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(lookalike.InputError, match="needs Java") as caught:
        check_installed()
    assert "Java 17" in caught.value.mend


def test_a_setting_needs_a_value():
    with pytest.raises(lookalike.InputError, match="no setting"), session_for(None, ["x"]):
        pass


def test_search_wants_at_least_one_hit(spark, work):
    with pytest.raises(lookalike.InputError, match="at least 1"):
        search(spark, str(work / "album"), str(work / "table"), k=0)
