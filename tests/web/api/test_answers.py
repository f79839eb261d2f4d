"""Over HTTP the answers are those of the verbs."""

import io
import json

import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike
from lookalike.web import uploads

API = "/api/v1"


def get(client, address, **query):
    answer = client.get(API + address, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def png(picture) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def rounded(data):
    """The index keeps vectors in half precision, so the last digits of scores differ."""
    return json.loads(json.dumps(data), parse_float=lambda text: round(float(text), 2))


def test_search_is_the_command_lines(client, read_album, digests):
    source = lookalike.Source(read_album, as_is=True)
    for path in ("c.jpg", "a.jpg", "dark-0.png"):
        wanted = lookalike.search([read_album / path], source, k=5).to_dict()
        found = get(client, "/search", digest=digests[path], k=5)
        hits = wanted["answers"][0]["hits"]
        assert rounded(found["answers"][0]["hits"]) == rounded(hits)
        assert {**found, "answers": []} == {**wanted, "answers": []}


@pytest.mark.parametrize("path", ["b.png", "c.jpg", "d-turned.jpg", "e.jpg", "dark-0.png"])
def test_without_the_look_every_hit_is_the_same_or_marked(client, digests, path):
    (whole,) = get(client, "/search", digest=digests[path], k=50)["answers"]
    (first,) = get(client, "/search", digest=digests[path], k=50, look=False)["answers"]
    assert "doubtful" not in whole and all("doubtful" not in hit for hit in whole["hits"])
    assert first["doubtful"] == sum(hit["doubtful"] for hit in first["hits"])
    seen = {hit["path"]: hit for hit in whole["hits"]}
    assert seen.keys() == {hit["path"] for hit in first["hits"]}
    for hit in first["hits"]:
        doubtful = hit.pop("doubtful")
        assert doubtful or hit == seen[hit["path"]]
        assert hit["rung"] not in ("geometry", "pixels")


def test_without_the_look_no_picture_of_the_collection_is_read(client, digests, monkeypatch):
    """Candidates that are cut off as too far away for k hits are counted all the same."""

    def read(*_, **__):
        raise AssertionError("a picture was read")

    monkeypatch.setattr("lookalike.verbs.doubtful.read_picture", read)
    monkeypatch.setattr("lookalike.verbs.evidence.pixel_digest", read)
    (found,) = get(client, "/search", digest=digests["b.png"], k=2, look=False)["answers"]
    assert found["hits"][0]["doubtful"] and found["doubtful"] >= 1
    (wide,) = get(client, "/search", digest=digests["e.jpg"], k=1, look=False)["answers"]
    assert len(wide["hits"]) == 1 <= wide["doubtful"]


def test_an_upload_without_the_look_says_what_is_doubtful(client, read_album):
    out = io.BytesIO()
    Image.open(read_album / "b.png").save(out, "TIFF")
    files = {"picture": out.getvalue()}
    answer = client.post(f"{API}/search", files=files, data={"k": 3, "look": "false"}).json()
    (found,) = answer["answers"]
    assert found["doubtful"] and found["hits"][0]["doubtful"]
    answer = client.post(f"{API}/search", files=files, data={"k": 3}).json()
    assert answer["answers"][0]["hits"][0]["verdict"] == "same picture"


def test_a_filter_narrows_a_search(client, read_album, digests):
    source = lookalike.Source(read_album, as_is=True)
    wanted = lookalike.search([read_album / "c.jpg"], source, where="width < 300").to_dict()
    found = get(client, "/search", digest=digests["c.jpg"], k=10, where="width < 300")
    assert rounded(found["answers"][0]["hits"]) == rounded(wanted["answers"][0]["hits"])


def test_an_upload_is_searched_like_a_file(client, read_album, tmp_path):
    (tmp_path / "query.png").write_bytes(png(scene(5).resize((200, 150))))
    source = lookalike.Source(read_album, as_is=True)
    wanted = lookalike.search([tmp_path / "query.png"], source, k=4).to_dict()
    with open(tmp_path / "query.png", "rb") as file:
        answer = client.post(f"{API}/search", files={"picture": file}, data={"k": 4})
    assert answer.json()["answers"] == [{**wanted["answers"][0], "query": "upload"}]


def test_a_picture_that_was_sent_is_asked_about_again_without_sending_it(client, digests):
    files = {"picture": png(scene(5).resize((200, 150)))}
    first = client.post(f"{API}/search", files=files, data={"k": 4, "look": "false"}).json()
    whole = client.post(f"{API}/search", files=files, data={"k": 4}).json()
    again = get(client, "/search", sent=first["sent"], k=4)
    assert again == {**whole, "sent": first["sent"]} and first["sent"] != whole["sent"]
    wrong = {"sent": "0" * 32}, {"sent": first["sent"], "digest": digests["b.png"]}, {}
    refused = [client.get(f"{API}/search", params=each).status_code for each in wrong]
    assert refused == [404, 400, 400]


def test_only_the_last_pictures_that_were_sent_are_kept(client, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    files = {"picture": png(scene(6).resize((64, 48)))}
    names = [client.post(f"{API}/search", files=files).json()["sent"] for _ in range(3)]
    kept = [client.get(f"{API}/search", params={"sent": name}).status_code for name in names]
    assert kept == [404, 200, 200]


@pytest.mark.parametrize("third", [None, "e.jpg"])
def test_compare_is_the_command_lines(client, read_album, digests, third):
    paths = ["c.jpg", "c-small.jpg", *([third] if third else [])]
    wanted = lookalike.compare(*(read_album / path for path in paths)).to_dict()
    wanted = json.loads(json.dumps(wanted).replace(f"{read_album}/", ""))
    named = {f"{x}_digest": digests[path] for x, path in zip("abc", paths, strict=False)}
    assert client.post(f"{API}/compare", data=named).json() == wanted


def test_uploads_are_compared_by_letter(client, digests):
    files = {"a": png(scene(2)), "b": png(scene(2).resize((160, 120)))}
    answer = client.post(f"{API}/compare", files=files).json()
    assert [(p["first"], p["second"], p["verdict"]) for p in answer["pairs"]] == [
        ("a", "b", "edited copy")
    ]
    mixed = client.post(
        f"{API}/compare", files={"a": files["a"]}, data={"b_digest": digests["c.jpg"]}
    )
    assert mixed.json()["pairs"][0]["second"] == "c.jpg"


@pytest.mark.parametrize(
    ("files", "data", "word"),
    [
        ({}, {}, "Picture a"),
        ({"a": b"x"}, {}, "Picture b"),
        ({"a": b"x", "b": b"y"}, {"a_digest": "0" * 64}, "Picture a"),
        ({"a": b"x", "b": b"y"}, {"model": "no-such"}, "no model"),
        ({"a": b"x", "b": b"y"}, {"model": "../../etc/passwd"}, "no model"),
        ({"a": b"x", "b": b"y"}, {}, "no picture"),
    ],
)
def test_what_cannot_be_compared_is_refused(client, files, data, word):
    answer = client.post(f"{API}/compare", files=files or None, data=data)
    assert answer.status_code in (400, 415)
    assert word in answer.json()["error"]


def test_info_and_models_are_the_command_lines(client, read_album):
    assert get(client, "/info") == lookalike.info(read_album).to_dict()
    named = get(client, "/models")["models"]
    assert [model["name"] for model in named[:2]] == ["built-in", "classic"]
    assert all("/" not in model["source"] for model in named)


def test_pages_of_pictures_are_the_whole_list_in_every_order(client, digests):
    for order in ("path", "newest", "largest", "added"):
        whole = get(client, "/pictures", order=order, limit=500)
        assert sorted(p["digest"] for p in whole["pictures"]) == sorted(set(digests.values()))
        pages = [
            picture
            for offset in range(0, whole["total"], 4)
            for picture in get(client, "/pictures", order=order, offset=offset, limit=4)["pictures"]
        ]
        assert pages == whole["pictures"]
        body = client.get(f"{API}/pictures/shapes", params={"order": order}).content
        sides = np.frombuffer(body, "<u2").reshape(-1, 2).tolist()
        assert sides == [[p["width_px"], p["height_px"]] for p in whole["pictures"]]
    paths = [p["path"] for p in get(client, "/pictures", limit=500)["pictures"]]
    assert paths == sorted(paths)
    sizes = [p["size_bytes"] for p in get(client, "/pictures", order="largest")["pictures"]]
    assert sizes == sorted(sizes, reverse=True)
    assert get(client, "/pictures", offset=10**6)["pictures"] == []


def test_a_filter_of_the_list(client):
    found = get(client, "/pictures", where="width < 300")
    assert [p["path"] for p in found["pictures"]] == ["c-small.jpg", "d-turned.jpg"]
    wrong = client.get(f"{API}/pictures", params={"where": "widht < 300"})
    assert wrong.status_code == 400
    assert "width" in wrong.json()["mend"]


def test_details_name_all_files(client, digests):
    found = get(client, f"/pictures/{digests['a.jpg']}")
    assert [(f["path"], f["there"]) for f in found["files"]] == [
        ("a.jpg", True),
        ("backup/a.jpg", True),
    ]
    assert get(client, "/pictures/at", path="backup/a.jpg") == found
    assert client.get(f"{API}/pictures/{'0' * 64}").status_code == 404


def test_small_pictures_are_upright_bounded_and_cached_by_tag(client, digests):
    address = f"{API}/pictures/{digests['d-turned.jpg']}/thumbnail"
    answer = client.get(address, params={"size": 100})
    assert answer.headers["content-type"] == "image/jpeg"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (90, 120)
    assert not picture.getexif()
    tag = answer.headers["etag"]
    again = client.get(address, params={"size": 100}, headers={"if-none-match": f'"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(address, params={"size": 240}, headers={"if-none-match": tag})
    assert other.status_code == 200 and other.headers["etag"] != tag
    assert client.get(address, params={"size": 5000}).status_code == 422


def test_large_pictures_are_never_enlarged(client, digests):
    answer = client.get(f"{API}/pictures/{digests['b.png']}/view")
    assert Image.open(io.BytesIO(answer.content)).size == (320, 240)


def test_the_difference_of_a_mirror_picture_is_little(client, digests):
    def marked(second):
        names = {"first": digests["c.jpg"], "second": digests[second]}
        answer = client.get(f"{API}/difference", params=names)
        pixels = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"), int)
        return answer.headers["x-turn"], float((np.ptp(pixels, axis=2) > 60).mean())

    turned, share = marked("c-mirrored.jpg")
    assert turned.startswith("mirrored") and share < 0.05
    assert marked("e.jpg")[1] > 0.3


def test_a_copy_is_laid_over_its_original_in_the_size_in_which_that_is_shown(client, digests):
    names = {"first": digests["c.jpg"], "second": digests["c-small.jpg"], "size": 300}
    laid = client.get(f"{API}/laid", params=names)
    shown = Image.open(io.BytesIO(laid.content))
    assert (shown.format, shown.size) == ("JPEG", (300, 225))
    known = client.get(f"{API}/laid", params=names, headers={"if-none-match": laid.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_status_tells_what_is_served(client, read_album):
    found = get(client, "/status")
    assert found["folder"] == str(read_album)
    assert (found["state"], found["pictures"], found["unreadable"]) == ("ready", 15, 1)
    assert found["revision"] and found["error"] is None


def test_an_unknown_address_and_method_are_told_in_the_same_shape(client):
    for answer, status in (
        (client.get(f"{API}/nothing"), 404),
        (client.delete(f"{API}/status"), 405),
        (client.get(f"{API}/pictures", params={"limit": "x"}), 422),
    ):
        assert answer.status_code == status
        assert set(answer.json()) == {"error", "where", "mend"}
