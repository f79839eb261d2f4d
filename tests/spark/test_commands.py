"""`lookalike spark` as it is typed, on the session of these tests; and what goes wrong."""

import json

import pytest
from click.testing import CliRunner

import lookalike
from lookalike.cli.main import main
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
    assert told[1].split()[:4] == ["mine.jpg", "0/_00000.jpg", "1.0000", "0"]
    shown = json.loads(run("search", work / "table", queries, "-k", 2, "--json").stdout)
    assert [hit["place"] for hit in shown["hits"]] == [1, 2]
    again = run("index", work / "album", work / "table").stdout
    assert "nothing new" in again and "1 file could not be read" in again
    empty = run("search", work / "table", tmp_path / "no-such", code=2).stderr
    assert "There is no such folder" in empty


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
