"""What a person sees at a terminal: at 80 and 120 columns, in a pipe, in any encoding."""

import io
import re
import sys
from pathlib import Path

import made_reports as made
import pytest

from lookalike.cli import bar, hints, streams
from lookalike.cli.demo_story import show_demo
from lookalike.cli.explain_screen import show_explain
from lookalike.cli.groups import show_duplicates
from lookalike.cli.map_screen import show_map
from lookalike.cli.tables import show_compare, show_index, show_info, show_models, show_search
from lookalike.nouns.search_report import Answer, Hit, SearchReport

SCREENS = {
    "index": lambda: show_index(made.an_index()),
    "search": lambda: show_search(made.a_search()),
    "duplicates": lambda: show_duplicates(made.a_duplicates()),
    "no-duplicates": lambda: show_duplicates(made.duplicates_of()),
    "compare-two": lambda: show_compare(made.a_compare()),
    "compare-three": lambda: show_compare(made.a_compare(3)),
    "explain": lambda: show_explain(made.an_explanation()),
    "map": lambda: show_map(made.a_map()),
    "info": lambda: show_info(made.an_info()),
    "models": lambda: show_models(made.a_models()),
    "demo": lambda: show_demo(made.a_demo()),
}
CODES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def screen(monkeypatch, capsys):
    """Shows something on a terminal so many columns wide, or in a pipe for 0."""

    def shown(show, columns: int, **environment: str) -> str:
        for name in ("FORCE_COLOR", "NO_COLOR", "TERM", "COLORTERM", "TTY_COMPATIBLE"):
            monkeypatch.delenv(name, raising=False)
        if columns:
            environment = {"FORCE_COLOR": "1", "TERM": "xterm-256color", **environment}
            monkeypatch.setenv("COLUMNS", str(columns))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        show()
        return capsys.readouterr().out

    return shown


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written with other slashes there")
@pytest.mark.parametrize("name", SCREENS)
def test_screens_are_as_they_were(screen, golden, name):
    for columns in (80, 120, 0):
        text = CODES.sub("", screen(SCREENS[name], columns))
        golden(f"screens/{name}-{columns or 'pipe'}.txt", text)


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(screen, name, columns):
    lines = CODES.sub("", screen(SCREENS[name], columns)).splitlines()
    # Lines to be copied are left to the terminal to break, so that they stay one line.
    kept = [li for li in lines if "lookalike " not in li and "/" not in li and "--html" not in li]
    assert [line for line in kept if len(line.rstrip()) > columns] == []


@pytest.mark.parametrize("name", SCREENS)
def test_a_pipe_has_no_colours_and_no_broken_paths(screen, name):
    text = screen(SCREENS[name], 0)
    assert "\x1b" not in text
    assert [line for line in text.splitlines() if line != line.rstrip()] == []
    if name in {"search", "duplicates"}:
        assert made.LONG in text


def test_colours_come_and_go_with_no_color(screen):
    coloured = re.compile(r"\x1b\[[0-9;]*3[0-9]")
    assert coloured.search(screen(SCREENS["search"], 80))
    assert not coloured.search(screen(SCREENS["search"], 80, NO_COLOR="1"))


@pytest.mark.parametrize("name", SCREENS)
def test_certainty_is_shown_for_equal_bytes_and_pixels_only(screen, name):
    for line in screen(SCREENS[name], 0).splitlines():
        assert "100 %" not in line or re.search("same (file|picture)", line), line


def test_names_cannot_speak_to_the_terminal(screen):
    name = "a\x1b]0;title\x07\n\u202egpj.[red]b[/red]\udcff.jpg"
    hit = Hit(name, made.EDITED, made.PHOTO, 10)
    report = SearchReport(Path(f"/x{name}"), "classic", 1, (Answer(Path(name), (hit,)),))
    text = screen(lambda: show_search(report), 0)
    assert not {"\x1b", "\x07", "\u202e", "\udcff"} & set(text)
    assert text.count(r"a\x1b]0;title\x07\n\u202egpj.[red]b[/red]\udcff.jpg") == 2


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("ascii", b"3 x 4, ###..., ?"), ("cp1252", b"3 \xd7 4, ###\x85, ?"), ("utf-8", None)],
)
def test_a_console_that_lacks_a_sign_shows_a_plainer_one(monkeypatch, encoding, shown):
    text = "3 × 4, ███…, 海"
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    streams.prepare()
    sys.stdout.write(text)
    sys.stdout.flush()
    assert raw.getvalue() == (shown or text.encode())


def test_a_name_that_is_no_text_keeps_its_bytes(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="utf-8"))
    streams.prepare()
    sys.stdout.write(b"caf\xe9.jpg".decode("utf-8", "surrogateescape"))
    sys.stdout.flush()
    assert raw.getvalue() == b"caf\xe9.jpg"


def test_hints_can_be_typed_and_name_the_index_that_was_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = hints.collection(tmp_path / "my photos", tmp_path / "my photos" / ".lookalike")
    assert own == (tmp_path / "my photos",)
    quoted = '"my photos"' if sys.platform == "win32" else "'my photos'"
    assert hints.command("duplicates", *own) == f"lookalike duplicates {quoted}"
    other = hints.collection(tmp_path / "photos", tmp_path / "index")
    assert hints.command("info", *other) == "lookalike info photos --index index"
    assert hints.command("info", Path(tmp_path.anchor)) == f"lookalike info {tmp_path.anchor}"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_counts_tells_the_rate_and_vanishes(monkeypatch):
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    for name, value in {"COLUMNS": "80", "TERM": "xterm-256color", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    with bar.Bar("Reading pictures") as progress:
        progress(0, 0)
        assert out.getvalue() == ""
        progress(1, 12_345)
        progress(12_000, 12_345)
        progress._bar[0].refresh()
        assert "12,000 of 12,345" in out.getvalue()
        assert "left" in out.getvalue()
    # The last thing written clears the line.
    assert out.getvalue().rstrip().endswith("\x1b[2K")


def test_without_a_terminal_progress_is_a_line_now_and_then(monkeypatch, capsys):
    clock = iter([0.0, 5.0, 10.0, 11.0, 20.0])
    monkeypatch.setattr(bar.time, "monotonic", lambda: next(clock))
    with bar.Bar("Reading pictures") as progress:
        for done in (100, 200, 210, 400):
            progress(done, 1000)
    assert capsys.readouterr().err.splitlines() == [
        "Reading pictures: 200 of 1,000, 20 a second, 40 s left",
        "Reading pictures: 400 of 1,000, 20 a second, 30 s left",
    ]
