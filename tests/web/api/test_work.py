"""Long work: indexing with progress and a stop, and an index that changes underneath."""

import asyncio
import json
import threading

import pytest
from fastapi import HTTPException
from scenes import scene

import lookalike
from lookalike.store.lock import WriterLock
from lookalike.web import held as held_module
from lookalike.web.jobs import Jobs
from lookalike.web.work import Work

API = "/api/v1"


def events(client, name):
    """All that is told of a job, as (event, job)."""
    text = client.get(f"{API}/jobs/{name}/events").text
    parts = [dict(line.split(": ", 1) for line in part.splitlines()) for part in text.split("\n\n")]
    return [(part["event"], json.loads(part["data"])) for part in parts if part]


def test_a_folder_that_is_not_indexed_is_indexed_and_tells_how_far_it_is(connect, album):
    client = connect(album)
    assert client.get(f"{API}/status").json()["state"] == "missing"
    for path in ("/pictures", "/info", "/answers", f"/search?digest={'0' * 64}"):
        answer = client.get(API + path)
        assert (answer.status_code, answer.json()["where"]) == (409, str(album))
    begun = client.post(f"{API}/jobs", json={"kind": "index"})
    assert begun.status_code == 202
    told = events(client, begun.json()["job"])
    assert told[-1][0] == "end" and told[-1][1]["state"] == "done"
    assert told[-1][1]["result"]["pictures"] == 15
    assert client.get(f"{API}/status").json()["pictures"] == 15


def test_the_index_is_brought_up_to_date_at_the_start(connect, album):
    client = connect(album, index_at_start=True)
    server = client.app.state.server
    assert server.jobs.get("index-1").wait(60)
    assert client.get(f"{API}/pictures").json()["total"] == 15


def test_indexing_stops_when_asked_and_keeps_what_was_done(connect, album, monkeypatch):
    for seed in range(20, 60):
        scene(seed, (64, 48)).save(album / f"{seed}.png")
    client = connect(album)
    server = client.app.state.server
    reached, go_on = threading.Event(), threading.Event()
    load = server.held.load_if_due

    def wait_once():
        reached.set()
        go_on.wait(30)
        load()

    monkeypatch.setattr(server.held, "load_if_due", wait_once)
    name = client.post(f"{API}/jobs", json={"kind": "index"}).json()["job"]
    again = client.post(f"{API}/jobs", json={"kind": "index"}).json()["job"]
    assert again == name, "the same work is not begun twice"
    assert reached.wait(30)
    assert client.delete(f"{API}/jobs/{name}").status_code == 200
    go_on.set()
    assert server.jobs.get(name).wait(60)
    assert client.get(f"{API}/jobs/{name}").json()["state"] == "stopped"
    report = lookalike.index(album)
    assert report.n_pictures == 55


def test_an_index_that_changes_underneath_is_seen(connect, album, monkeypatch):
    lookalike.index(album)
    client = connect(album)
    before = client.get(f"{API}/pictures").json()
    scene(77).save(album / "new.png")
    lookalike.index(album)
    monkeypatch.setattr(held_module, "LOOK_S", 0)
    client.app.state.server.held.load()
    now = client.get(f"{API}/pictures").json()
    assert now["total"] == before["total"] + 1 and now["revision"] != before["revision"]
    assert any(p["path"] == "new.png" for p in now["pictures"])
    lookalike.index(album, rebuild=True)
    client.app.state.server.held.load()
    assert client.get(f"{API}/pictures").json()["pictures"] == now["pictures"]


def test_whoever_uses_an_older_state_keeps_it(connect, album):
    lookalike.index(album)
    held = connect(album).app.state.server.held
    with held.use() as old:
        scene(78).save(album / "new.png")
        lookalike.index(album)
        held.load()
        with held.use() as new:
            assert new is not old and new.reader.n_pictures == old.reader.n_pictures + 1
        assert old.reader.n_pictures == 15


def test_another_process_that_writes_is_told_as_busy(connect, album, after):
    lookalike.index(album)
    client = connect(album)
    lock = WriterLock(album / ".lookalike")
    try:
        digests = [p["digest"] for p in client.get(f"{API}/pictures").json()["pictures"][:2]]
        pair = {"a": digests[0], "b": digests[1], "same": False}
        assert client.post(f"{API}/answers", json={"pairs": [pair]}).status_code == 409
        job = after(client, client.post(f"{API}/jobs", json={"kind": "index"}))
        assert job["state"] == "failed" and job["error"]["mend"]
    finally:
        lock.release()


def test_two_works_that_change_the_folder_exclude_each_other():
    jobs, go_on = Jobs(), threading.Event()
    first = jobs.start("index", "Reading", lambda job: (go_on.wait(30), None)[1])
    with pytest.raises(lookalike.BusyIndex):
        jobs.start("clean", "Moving", lambda job: None)
    other = jobs.start("duplicates", "Comparing", lambda job: {"pairs": 0})
    assert other.wait(30) and other.state == "done"
    go_on.set()
    assert first.wait(30)
    assert jobs.start("clean", "Moving", lambda job: None).wait(30)


def test_a_fault_in_work_is_told_and_does_not_end_the_server():
    def fail(job):
        raise ZeroDivisionError

    jobs = Jobs()
    job = jobs.start("map", "Drawing", fail)
    assert job.wait(30) and job.state == "failed"
    assert job.error is not None and "report" in job.error["mend"]
    for _ in range(100):
        jobs.start("map", "Drawing", lambda job: None).wait(30)
    assert len(jobs.all()) <= 33


def test_an_answer_that_the_end_of_the_server_cuts_short_is_refused_in_words():
    work, go_on = Work("test", threads=1, waiting=1, seconds=30), threading.Event()

    async def cut_short():
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def answer():
            loop.call_soon_threadsafe(begun.set)
            go_on.wait(30)

        asked = asyncio.create_task(work(answer))
        await begun.wait()
        asked.cancel()
        with pytest.raises(HTTPException) as refused:
            await asked
        go_on.set()
        return refused.value.status_code

    assert asyncio.run(cut_short()) == 503
    work.close()


def test_unknown_work_is_told(client):
    assert client.get(f"{API}/jobs/none").status_code == 404
    assert client.delete(f"{API}/jobs/none").status_code == 404
    assert client.get(f"{API}/jobs/none/events").status_code == 404
