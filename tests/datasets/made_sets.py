"""Folders, archives and a server for tests of reading; no test opens one of these pictures."""

import gzip
import hashlib
import io
import pickle
import struct
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from lookalike.datasets.fetch import Archive


def put(folder: Path, *names: str) -> Path:
    """Empty files of these names, with their folders."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def classes_of(data) -> dict[str, str | None]:
    """Path to class of each picture."""
    return {
        path: data.classes[label] if label >= 0 else None
        for path, label in zip(data.paths, data.labels.tolist(), strict=True)
    }


def parts_of(data) -> dict[str, str]:
    from lookalike.nouns.labelled import PARTS

    return {path: PARTS[part] for path, part in zip(data.paths, data.parts.tolist(), strict=True)}


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w:gz") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def idx(array) -> bytes:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.astype(np.uint8).tobytes(), mtime=0)


def cifar_archive(rng: np.random.Generator) -> tuple[bytes, dict[str, np.ndarray]]:
    """A tiny CIFAR-100 and its pictures by their paths."""
    names, pictures, members = ["apple", "bear"], {}, {}
    for part, n in (("train", 4), ("test", 2)):
        data = rng.integers(0, 256, (n, 3072), dtype=np.uint8)
        labels = [i % 2 for i in range(n)]
        files = [f"{names[label]}_{part}_{i}.png" for i, label in enumerate(labels)]
        batch = {"data": data, "fine_labels": labels, "filenames": files, "coarse_labels": labels}
        members[f"cifar-100-python/{part}"] = pickle.dumps(batch, protocol=2)
        for row, label, file in zip(data, labels, files, strict=True):
            pictures[f"{part}/{names[label]}/{file}"] = row.reshape(3, 32, 32).transpose(1, 2, 0)
    members["cifar-100-python/meta"] = pickle.dumps({"fine_label_names": names}, protocol=2)
    return tarred(members), pictures


class Server(ThreadingHTTPServer):
    """Serves `files`; counts what was asked for, and can break off or refuse ranges."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.breaks_after: int | None = None
        self.knows_ranges = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def archive(self, name: str, content: bytes) -> Archive:
        """An archive that this server holds."""
        self.files[name] = content
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        return Archive(name, (f"{self.url}/{name}",), (digest,))


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name, wanted = self.path.lstrip("/"), self.headers.get("Range")
        self.server.asked.append((name, wanted))
        content = self.server.files.get(name)
        if content is None:
            self.send_error(404)
            return
        start = int(wanted[6:-1]) if wanted and self.server.knows_ranges else 0
        if start and start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : start + (self.server.breaks_after or len(content))])

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
