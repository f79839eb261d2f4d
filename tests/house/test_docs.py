"""Every block of code in README and docs runs, and every link leads somewhere."""

import re
from pathlib import Path

import pytest
from docs_album import make_album
from docs_runner import PageError, blocks, run_page

ROOT = Path(__file__).parents[2]
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks/README.md"]
]
# Developers' pages: their lines need the sources, the tools or the data, so they are only read.
READ_ONLY = {"CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md"}


@pytest.fixture
def album(tmp_path, monkeypatch) -> Path:
    make_album(tmp_path)
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LOOKALIKE_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", sorted(set(PAGES) - READ_ONLY))
def test_every_block_runs(page, album):
    text = (ROOT / page).read_text(encoding="utf-8")
    if re.search("^lookalike (train|distil)", text, re.MULTILINE):
        torch = pytest.importorskip("torch")
        torch.set_num_threads(1)  # the examples' networks are too small to gain from more
    run_page(text, page)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_link_leads_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if not re.match(r"[a-z]+:", target):
            linked = (ROOT / page).parent / path if path else ROOT / page
            assert linked.exists(), f"{page} links to {target}"
            if anchor:
                assert anchor in anchors(linked), f"{page} links to {target}"


def anchors(page: Path) -> set[str]:
    """The anchors that a reader's browser makes of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_two_set_up_lines_stand_in_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    marked = {block.comment: block.code for block in blocks(text, "README.md")}
    use, test = marked["<!-- set-up:use -->"], marked["<!-- set-up:test -->"]
    assert len(use.splitlines()) == len(test.splitlines()) == 1
    assert use.endswith("lookalike demo")
    assert test.endswith("make check test")
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").count("<!-- set-up:test -->")


def page(language: str, code: str, comment: str = "") -> str:
    return f"# Title\n\n{comment}\n```{language}\n{code}\n```\n"


def test_python_blocks_share_names_and_failures_name_the_line(album):
    assert run_page(page("python", "a = 1") + page("python", "assert a == 1"), "p.md") == 2
    with pytest.raises(ZeroDivisionError) as caught:
        run_page(page("python", "a = 1\na / 0"), "p.md")
    assert caught.traceback[-1].lineno + 1 == 6


def test_commands_run_and_a_failing_one_fails_the_page(album):
    assert run_page(page("sh", "lookalike --help > out.txt  # say it\n"), "p.md") == 1
    assert "Usage" in Path("out.txt").read_text()
    with pytest.raises(PageError, match="exit 2, not 0"):
        run_page(page("sh", "lookalike --no-such-flag"), "p.md")
    assert run_page(page("sh", "lookalike \\\n --no-such-flag", "<!-- exits 2 -->"), "p.md") == 1


@pytest.mark.parametrize("line", ["pip install x", "lookalike --help | head", "cd photos"])
def test_other_lines_need_the_mark(line, album):
    with pytest.raises(PageError, match="not run"):
        run_page(page("sh", line), "p.md")
    assert run_page(page("sh", line, "<!-- not run -->"), "p.md") == 0


def test_a_block_can_be_a_file(album):
    text = page("toml", 'name = "ü"', "<!-- file:mine.toml -->")
    assert run_page(text + page("python", "open('mine.toml').close()"), "p.md") == 1
    assert Path("mine.toml").read_text(encoding="utf-8") == 'name = "ü"\n'


def test_unknown_languages_and_open_blocks_are_refused(album):
    with pytest.raises(PageError, match="not bash"):
        run_page(page("bash", "lookalike --help"), "p.md")
    with pytest.raises(PageError, match="never closed"):
        run_page("```python\n1 / 0\n", "p.md")
    assert run_page(page("text", "anything"), "p.md") == 0
