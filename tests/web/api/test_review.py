"""Copies over HTTP: groups at once, answers heeded, and a clean-up that undo takes back whole."""

import os
from pathlib import Path

import pytest

import lookalike

API = "/api/v1"


@pytest.fixture
def reviewed(connect, album, after):
    """A client of an album whose copies were looked for."""
    lookalike.index(album)
    client = connect(album)
    assert after(client, client.post(f"{API}/jobs", json={"kind": "duplicates"}))["state"] == "done"
    return client


def tree(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Each file with its bytes, time and rights."""
    return {
        path.relative_to(folder).as_posix(): (
            path.read_bytes(),
            (status := path.stat()).st_mtime_ns,
            status.st_mode,
        )
        for path in folder.rglob("*")
        if path.is_file() and ".lookalike" not in path.parts
    }


def grouped(client, **query):
    answer = client.get(f"{API}/duplicates", params=query)
    assert answer.status_code == 200, answer.text
    return [{m["path"] for m in g["members"]} for g in answer.json()["groups"]]


def test_without_a_look_there_are_none(client):
    answer = client.get(f"{API}/duplicates")
    assert answer.status_code == 409
    assert "duplicates" in answer.json()["mend"]


def test_groups_are_the_command_lines_for_every_bound(reviewed, album):
    source = lookalike.Source(album, as_is=True)
    for asked in (
        {},
        {"wrong_at_most": 0.5},
        {"wrong_at_most": 1e-5},
        {"least_probability": 0.5},
        {"least_probability": 0.99995},
    ):
        wanted = lookalike.duplicates(source, **asked).to_dict()
        found = reviewed.get(f"{API}/duplicates", params=asked).json()
        assert {key: found[key] for key in wanted} == wanted, asked
        assert found["total_groups"] == len(wanted["groups"]) and not found["stale"]


def test_pages_of_groups_are_all_of_them(reviewed):
    whole = grouped(reviewed)
    pages = [group for offset in range(5) for group in grouped(reviewed, offset=offset, limit=1)]
    assert pages == whole and len(whole) == 4
    sure = grouped(reviewed, level="same picture")
    assert sure and all(group in whole for group in sure) and len(sure) < len(whole)


def test_the_sums_are_those_of_the_level_that_is_listed(reviewed):
    whole, same = (
        reviewed.get(f"{API}/duplicates", params={"level": level}).json()
        for level in ("edited copy", "same file")
    )
    assert 0 < same["total_groups"] == len(same["groups"]) < whole["total_groups"]
    assert same["spare_files"] == sum(len(group["members"]) - 1 for group in same["groups"])
    assert same["pairs"] == sum(len(group["pairs"]) for group in same["groups"])
    assert (same["expected_wrong"], same["files"]) == (0, whole["files"])


@pytest.mark.parametrize("level", ["edited copy", "same file"])
def test_the_keeper_of_a_group_is_the_one_that_a_plan_keeps(reviewed, level):
    found = reviewed.get(f"{API}/duplicates", params={"level": level}).json()
    removals = plan(reviewed, level=level)["removals"]
    assert len(found["keepers"]) == len(found["groups"]) > 0
    for group, keeper in zip(found["groups"], found["keepers"], strict=True):
        members = {member["path"] for member in group["members"]}
        assert {r["keeper"] for r in removals if r["path"] in members} == {keeper["path"]}
        assert keeper["path"] in members and keeper["reason"]


def test_a_share_out_of_range_is_refused(client):
    for share in (0, 0.6, "x", -1, "nan"):
        answer = client.get(f"{API}/duplicates", params={"wrong_at_most": share})
        assert answer.status_code == 422, share


def test_an_answer_is_heeded_at_once_and_can_be_taken_back(reviewed):
    before = grouped(reviewed)
    members = reviewed.get(f"{API}/duplicates").json()["groups"][0]["members"]
    names = {m["path"]: m["digest"] for m in members}
    pair = {"a": names["c.jpg"], "b": names["c-small.jpg"]}
    said = reviewed.post(f"{API}/answers", json={"pairs": [{**pair, "same": False}]})
    assert (said.json()["added"], said.status_code) == (1, 200)
    assert not any({"c.jpg", "c-small.jpg"} <= group for group in grouped(reviewed))
    assert reviewed.get(f"{API}/status").json()["copies"] == "ready"
    assert reviewed.get(f"{API}/answers").json()["answers"] == said.json()["answers"]
    back = reviewed.post(f"{API}/answers", json={"pairs": [{**pair, "same": None}]})
    assert back.json()["answers"] == [] and grouped(reviewed) == before


def test_what_cannot_be_answered_is_refused(reviewed, digests):
    one, other = digests["a.jpg"], "0" * 64
    for pair in ({"a": one, "b": one, "same": True}, {"a": one, "b": other, "same": True}):
        assert reviewed.post(f"{API}/answers", json={"pairs": [pair]}).status_code == 400


def plan(client, **asked):
    answer = client.post(f"{API}/plans", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_clean_up_and_its_undo_leave_the_tree_as_it_was(reviewed, album, after):
    before, groups = tree(album), grouped(reviewed)
    made = plan(reviewed, level="edited copy", wrong_at_most=0.01, keep=["c-small.jpg"])
    going = {removal["path"] for removal in made["removals"]}
    assert tree(album) == before, "a plan touches nothing"
    assert made["files"] == len(going) == 5 and "c-small.jpg" not in going and "c.jpg" in going
    applied = after(reviewed, reviewed.post(f"{API}/plans/{made['plan']}/apply", json={"files": 5}))
    assert applied["state"] == "done"
    assert {moved["path"] for moved in applied["result"]["moved"]} == going
    assert tree(album).keys() == before.keys() - going
    assert grouped(reviewed) == []
    assert reviewed.get(f"{API}/status").json()["files"] == 11
    (operation,) = reviewed.get(f"{API}/operations").json()["operations"]
    undone = after(reviewed, reviewed.post(f"{API}/operations/{operation['operation']}/undo"))
    assert undone["state"] == "done" and len(undone["result"]["moved"]) == 5
    assert tree(album) == before
    assert grouped(reviewed) == groups


def test_a_plan_heeds_every_choice(reviewed):
    everything = {removal["path"] for removal in plan(reviewed, level="edited copy")["removals"]}
    skipped = plan(reviewed, level="edited copy", skip=["d.jpg"])["removals"]
    assert everything - {r["path"] for r in skipped} == {"d-turned.jpg"}
    (only,) = plan(reviewed, level="edited copy", only=["d-turned.jpg"])["removals"]
    assert (only["path"], only["keeper"]) == ("d-turned.jpg", "d.jpg")
    assert plan(reviewed, level="edited copy", only=[])["removals"] == []
    safe = plan(reviewed, level="same file", protect=["backup/*"])["removals"]
    assert [(r["path"], r["keeper"]) for r in safe] == [("a.jpg", "backup/a.jpg")]
    assert reviewed.post(f"{API}/plans", json={"level": "similar"}).status_code == 400


def test_a_plan_is_carried_out_once_and_only_as_confirmed(reviewed, album, after):
    made = plan(reviewed, level="same file")
    address = f"{API}/plans/{made['plan']}/apply"
    before = tree(album)
    assert reviewed.post(address, json={"files": made["files"] + 1}).status_code == 409
    assert reviewed.post(address, json={}).status_code == 422
    assert tree(album) == before
    assert after(reviewed, reviewed.post(address, json={"files": made["files"]}))["state"] == "done"
    assert reviewed.post(address, json={"files": made["files"]}).status_code == 404
    assert reviewed.post(f"{API}/operations/0009-2020-01-01/undo").status_code == 404


def test_a_file_that_changed_since_the_plan_stays(reviewed, album, after):
    made = plan(reviewed, level="same file")
    (removal,) = made["removals"]
    path = album / removal["path"]
    with path.open("ab") as file:
        file.write(b"more")
    os.utime(path, ns=(1, 1))
    done = after(reviewed, reviewed.post(f"{API}/plans/{made['plan']}/apply", json={"files": 1}))
    assert done["result"]["moved"] == []
    assert path.exists() and done["result"]["skipped"][0]["path"] == removal["path"]
