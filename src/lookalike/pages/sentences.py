"""Each report in one or two plain sentences: the answer before the details."""

from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.demo_report import DemoReport
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.index_report import IndexReport
from lookalike.nouns.search_report import SearchReport
from lookalike.pages.words import count, duration, percent, size, visible


def index_sentence(report: IndexReport) -> str:
    """What the run did."""
    done = [
        f"{report.added:,} new" if report.added else "",
        f"{report.linked:,} moved or copied" if report.linked else "",
        f"{report.unchanged:,} unchanged" if report.unchanged else "",
        f"{report.vanished:,} gone" if report.vanished else "",
    ]
    detail = ", ".join(part for part in done if part) or "nothing to do"
    held = count(report.n_pictures, "picture")
    if report.n_files != report.n_pictures:
        held += f" in {count(report.n_files, 'file')}"
    return f"{held} ({detail}), {duration(report.seconds)}."


def duplicates_sentence(report: DuplicatesReport) -> str:
    """How many copies there are, how many of them are likely wrong, and what they cost."""
    looked = count(report.n_pictures, "different picture")
    if not report.groups:
        text = f"No copies among {looked} in {count(report.n_files, 'file')}."
    else:
        text = (
            f"{count(len(report.groups), 'group')} of copies among {looked}: "
            f"{count(report.spare_files, 'file')} to spare, {size(report.spare_bytes)}. "
            f"{count(report.n_pairs, 'pair')}, {wrong_words(report.expected_wrong)}."
        )
    if report.n_unreadable:
        text += f" {count(report.n_unreadable, 'picture')} could not be read."
    return text


def wrong_words(expected: float) -> str:
    """An expected number of wrong pairs, in words."""
    if expected < 0.05:
        return "none of them expected to be wrong"
    if expected < 0.95:
        return f"with one chance in {max(2, round(1 / expected))} that one of them is wrong"
    return f"about {expected:,.0f} of them expected to be wrong"


def search_sentence(report: SearchReport) -> str:
    """How much was searched and how many copies came up."""
    asked = count(len(report.answers), "query", "queries")
    copies = sum(hit.verdict.is_copy for answer in report.answers for hit in answer.hits)
    found = f"{count(copies, 'copy', 'copies')} found" if copies else "no copies found"
    return f"{asked} against {count(report.n_pictures, 'picture')}: {found}."


def compare_sentence(report: CompareReport) -> str:
    """The verdict on two pictures, or which two of three are most alike."""
    if report.nearer is None:
        verdict = report.pairs[0].verdict
        said = str(verdict.level)[0].upper() + str(verdict.level)[1:]
        return f"{said}, {percent(verdict.probability)} sure: {verdict.reason}."
    a, near, closest = report.pairs[0].first, report.nearer, report.closest
    text = f"{visible(a.name)} is nearer to {visible(near.name)}."
    pair = f"{visible(closest.first.name)} and {visible(closest.second.name)}"
    return f"{text} Of the three, {pair} are most alike: {closest.verdict.level}."


def demo_sentence(report: DemoReport) -> str:
    """How many planted copies were found and how many pairs are wrong."""
    planted, found = sum(report.planted.values()), sum(report.found.values())
    wrong = count(len(report.false_pairs), "false pair")
    return f"{found} of {planted} planted copies found, {wrong} reported."
