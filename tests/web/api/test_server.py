"""A real server on a real port: its start, its end, slow clients and a taken port."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest
from click.testing import CliRunner

import lookalike
from lookalike.cli.main import main
from lookalike.web.run import address, running
from lookalike.web.settings import Settings
from lookalike.web.slow import PatientProtocol

TOKEN = "a-token-for-tests"
SERVE = [sys.executable, "-c", "from lookalike.cli.main import main; main()", "serve"]


def ask(server: str, path: str, token: str = TOKEN) -> bytes:
    request = urllib.request.Request(server + path, headers={"authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
        return body


def connection(server: str) -> socket.socket:
    host, port = server.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=60)


@pytest.fixture
def settings(read_album):
    return Settings(read_album, token=TOKEN, index_at_start=False, upload_s=0.2)


def test_a_client_that_sends_no_head_is_cut_off(settings, monkeypatch):
    monkeypatch.setattr(PatientProtocol, "head_s", 0.2)
    with running(settings) as server, connection(server) as silent, connection(server) as slow:
        slow.sendall(b"GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert slow.recv(100) == b"" and silent.recv(100) == b""
        assert b"ready" in ask(server, "/api/v1/status")


def test_a_client_that_sends_its_body_too_slowly_is_told(settings):
    head = (
        f"POST /api/v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x"
    )
    with running(settings) as server, connection(server) as slow:
        slow.sendall(head.encode())
        assert slow.recv(1000).startswith(b"HTTP/1.1 408 ")
        assert b"ready" in ask(server, "/api/v1/status")


def test_a_client_that_takes_no_answer_is_cut_off(settings, monkeypatch):
    monkeypatch.setattr(PatientProtocol, "stall_s", 0.1)
    lost = threading.Event()
    connection_lost = PatientProtocol.connection_lost

    def told(self, error):
        connection_lost(self, error)
        lost.set()

    monkeypatch.setattr(PatientProtocol, "connection_lost", told)
    line = f"GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {'y' * 1000}\r\n\r\n"
    with running(settings) as server, connection(server) as greedy:
        greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        greedy.sendall(line.encode() * 400)
        assert lost.wait(60)


def test_whoever_watches_work_is_let_go_when_the_server_ends(settings, monkeypatch):
    import lookalike.web.run as run_module

    made, go_on = [], threading.Event()
    create = run_module.create_app
    monkeypatch.setattr(run_module, "create_app", lambda s: made.append(create(s)) or made[0])
    with running(settings) as server:
        jobs = made[0].state.server.jobs
        job = jobs.start("map", "Drawing", lambda job: (go_on.wait(60), None)[1])
        with connection(server) as watcher:
            head = f"GET /api/v1/jobs/{job.id}/events HTTP/1.1\r\nHost: localhost\r\n"
            watcher.sendall(f"{head}Authorization: Bearer {TOKEN}\r\n\r\n".encode())
            told = b""
            while b"event: job" not in told:
                told += watcher.recv(4096)
            made[0].state.server.ending.set()
            while b"event: end" not in told:
                told += watcher.recv(4096)
        go_on.set()
    assert job.wait(60)


def test_many_at_once_are_answered_or_told_to_come_back(settings):
    codes = []

    def one():
        try:
            ask(server, "/api/v1/pictures")
            codes.append(200)
        except urllib.error.HTTPError as error:
            codes.append(error.code)

    with running(settings) as server:
        threads = [threading.Thread(target=one) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(codes) == 40 and set(codes) <= {200, 503} and 200 in codes


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_the_command_cleanly(album):
    words = [*SERVE, album, "--port", "0", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        shown = re.fullmatch(
            r"The page is at (http://127.0.0.1:\d+)/\?token=(\S+)\n", run.stdout.readline()
        )
        assert shown
        assert b"album" in ask(shown[1], "/api/v1/status", shown[2])
        assert len(shown[2]) >= 32
        run.send_signal(signal.SIGINT)
        rest, told = run.communicate(timeout=60)
    assert run.returncode == 0 and rest == "" and "Traceback" not in told


def test_a_taken_port_is_told_with_a_cure(album):
    lookalike.index(album)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = ["serve", str(album), "--port", port, "--no-browser", "--as-is"]
        result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert port in result.stderr and "--port 0" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such-folder"], "does not exist"),
        (["."], "no model"),
        ([".", "--host", "192.0.2.1"], "cannot listen"),
        ([".", "--also-model", "no.onnx"], "no.onnx"),
        ([".", "--index", "no.sqlite"], "no model"),
    ],
)
def test_what_cannot_be_served_is_told(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = [] if "192.0.2.1" in words or "no.onnx" in words else ["--model", "nobody"]
    result = CliRunner().invoke(main, ["serve", *words, *model, "--port", "0", "--no-browser"])
    assert result.exit_code == 2, result.output
    assert said in result.stderr.lower() and "try: " in result.stderr


def test_without_the_extra_it_says_what_to_install(album, monkeypatch):
    import lookalike.cli.need as need

    monkeypatch.setattr(need, "find_spec", lambda name: None)
    result = CliRunner().invoke(main, ["serve", str(album)])
    assert result.exit_code == 2 and "pip install 'lookalike[web]'" in result.stderr


def test_the_address_is_one_that_a_browser_takes(album):
    for host, shown in (
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
    ):
        assert address(Settings(album, host=host, port=80)) == shown


def test_beyond_this_machine_there_is_a_warning(album):
    words = ["serve", str(album), "--host", "192.0.2.1", "--no-browser", "--as-is"]
    assert "nothing is encrypted" in CliRunner().invoke(main, words).stderr
