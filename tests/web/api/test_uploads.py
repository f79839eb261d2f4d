"""Hostile, malformed and oversized uploads: refused in words, and nothing of them stays."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from scenes import scene

API = "/api/v1"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kB that says it is very large."""

    def part(kind: bytes, body: bytes) -> bytes:
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1 << 20), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


def half_a_jpeg() -> bytes:
    out = io.BytesIO()
    scene(0).save(out, "JPEG")
    return out.getvalue()[: out.tell() // 2]


HOSTILE = {
    "bomb": bomb(60_000, 60_000),
    "endless": bomb(2**31 - 1, 2**31 - 1),
    "empty sides": bomb(0, 0),
    "nothing": b"",
    "text": b"no picture at all",
    "page": b"<!doctype html><script>alert(1)</script>",
    "vector": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "half": half_a_jpeg(),
    "head only": b"\x89PNG\r\n\x1a\n",
    "gif of nothing": b"GIF89a" + bytes(20),
    "tiff in a ring": b"II*\x00\x08\x00\x00\x00\x01\x00\x00\x01\x04\x00" + bytes(8),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_refused_in_words(client, name):
    answers = [
        client.post(f"{API}/search", files={"picture": ("x.png", HOSTILE[name], "image/png")}),
        client.post(f"{API}/compare", files={"a": HOSTILE[name], "b": HOSTILE[name]}),
    ]
    for answer in answers:
        assert answer.status_code in (400, 415, 422), answer.text
        assert answer.json()["error"]


def test_what_the_client_calls_its_file_is_never_used(client, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = io.BytesIO()
    scene(3).save(out, "PNG")
    for name in ("../../evil.png", "/tmp/evil.png", "a\x00b.png", "con", "x" * 5000):
        files = {"picture": (name, out.getvalue(), "image/png")}
        answer = client.post(f"{API}/search", files=files, data={"k": 1})
        assert answer.status_code in (200, 400)
    assert not list(tmp_path.rglob("*")) and not Path("/tmp/evil.png").exists()


def test_too_much_is_refused_before_it_is_read(connect, read_album):
    client = connect(read_album, upload_bytes=50_000)
    answer = client.post(f"{API}/search", files={"picture": bytes(60_000)})
    assert answer.status_code == 413

    def pieces():
        yield b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\n'
        for _ in range(1000):
            yield bytes(10_000)

    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert client.post(f"{API}/search", content=pieces(), headers=kind).status_code == 413
    long = client.post(f"{API}/jobs", content=b" " * (5 << 20))
    assert long.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"kind": "index", "further": 1}',
        b'{"kind": "clean"}',
        b"\xff\xfe",
        b'{"kind": ' + b"[" * 50_000,
    ],
)
def test_malformed_json_is_refused(client, body):
    answer = client.post(f"{API}/jobs", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"error", "where", "mend"}
