"""The map, matching and explaining over HTTP."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike

API = "/api/v1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Originals, and poor copies of two of them."""
    folder = tmp_path_factory.mktemp("matching") / "album"
    (folder / "good/deep").mkdir(parents=True)
    (folder / "poor").mkdir()
    for seed in range(6):
        scene(seed).save(folder / "good" / f"{seed}.jpg")
    scene(6).save(folder / "good/deep/6.jpg")
    for seed in (1, 6):
        scene(seed).resize((120, 90)).save(folder / "poor" / f"p{seed}.jpg", quality=20)
    lookalike.index(folder)
    return folder


def test_match_finds_the_originals_within_the_collection(connect, folder, after):
    client = connect(folder)
    assert client.get(f"{API}/folders").json()["folders"] == ["", "good", "good/deep", "poor"]
    asked = {"kind": "match", "match": {"targets": "poor", "sources": "good"}}
    job = after(client, client.post(f"{API}/jobs", json=asked))
    assert job["state"] == "done", job["error"]
    result = job["result"]
    found = {each["target"]: each["candidates"][0]["path"] for each in result["targets"]}
    assert found == {"poor/p1.jpg": "good/1.jpg", "poor/p6.jpg": "good/deep/6.jpg"}
    pictures = client.get(f"{API}/pictures").json()["pictures"]
    digests = {picture["path"]: picture["digest"] for picture in pictures}
    assert result["digests"].items() <= digests.items()
    assert set(found) | set(found.values()) <= result["digests"].keys()


def test_only_folders_of_the_collection_are_matched(connect, folder):
    client = connect(folder)
    for targets, sources in (
        ("../", "good"),
        ("/etc", "good"),
        ("good/../..", "good"),
        (".lookalike", "good"),
        ("poor", "poor"),
        ("%2e%2e", "good"),
    ):
        asked = {"kind": "match", "match": {"targets": targets, "sources": sources}}
        assert client.post(f"{API}/jobs", json=asked).status_code == 400
    assert client.post(f"{API}/jobs", json={"kind": "match"}).status_code == 400


def test_the_map_lays_out_every_picture_and_names_those_that_are_chosen(connect, folder, after):
    client = connect(folder)
    for path in ("/map", "/map/points", "/map/colours?by=cluster", "/map/digests?places=0"):
        assert client.get(API + path).status_code == 409
    job = after(client, client.post(f"{API}/jobs", json={"kind": "map"}))
    assert job["state"] == "done", job["error"]
    told = client.get(f"{API}/map").json()
    assert told["pictures"] == 9
    points = np.frombuffer(client.get(f"{API}/map/points").content, "<f4").reshape(-1, 2)
    assert points.shape == (9, 2) and points.min() == 0 and points.max() == 1
    for colouring in told["colourings"]:
        body = client.get(f"{API}/map/colours", params={"by": colouring["name"]}).content
        of = np.frombuffer(body, "<i2")
        assert len(of) == 9 and -1 <= of.min() and of.max() < len(colouring["names"])
    assert client.get(f"{API}/map/colours?by=mood").status_code == 404
    chosen = client.get(f"{API}/map/digests?places=8,0,99").json()["pictures"]
    assert [picture["place"] for picture in chosen] == [8, 0]
    places = {"places": list(range(9)), "offset": 4, "limit": 3}
    page = client.post(f"{API}/map/places", json=places).json()
    assert (page["total"], [p["place"] for p in page["pictures"]]) == (9, [4, 5, 6])
    by_place = client.post(f"{API}/map/places", json={"places": list(range(9))}).json()["pictures"]
    wanted = lookalike.map_pictures(lookalike.Source(folder, as_is=True))
    assert [picture["path"] for picture in by_place] == list(wanted.paths)


def test_explaining_marks_both_pictures(client, read_album, digests):
    named = {"a_digest": digests["c.jpg"], "b_digest": digests["c-mirrored.jpg"]}
    told = client.post(f"{API}/explain", data=named).json()
    pictures = told.pop("pictures")
    for side in ("first", "second"):
        kind, _, body = pictures[side].partition(";base64,")
        assert kind == "data:image/jpeg"
        assert Image.open(io.BytesIO(base64.b64decode(body))).size[1] >= 240
    wanted = lookalike.explain(read_album / "c.jpg", read_album / "c-mirrored.jpg").to_dict()
    assert told["first"]["regions"] == wanted["first"]["regions"]
    assert (told["first"]["path"], told["second"]["path"]) == ("c.jpg", "c-mirrored.jpg")
    assert told["verdict"] == wanted["verdict"] and told["outline"] == wanted["outline"]


def png(picture) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_recognised_from_one_example_each(client):
    def ask(seeds, labels):
        files = [("examples", png(scene(seed))) for seed in seeds]
        files.append(("query", png(scene(5).resize((200, 150)))))
        return client.post(f"{API}/recognise", files=files, data={"labels": labels})

    told = ask((4, 5, 6), ["four", "five", "six"]).json()
    (found,) = told["pictures"]
    assert (found["path"], found["guesses"][0]["class"]) == ("query", "five")
    assert found["guesses"][0]["example"] == "example 2" and told["reject"] > 0
    two = ask((4, 5), ["four", "five"]).json()
    assert two["pictures"][0]["answer"] == "five" and two["reject"] == 0
    assert ask((4, 5), ["one"]).status_code in (400, 422)
    assert ask((4, 5), ["same", "same"]).status_code == 400
