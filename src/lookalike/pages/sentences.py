"""Each report in one or two plain sentences: the answer before the details."""

from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.demo_report import DemoReport
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup
from lookalike.nouns.index_report import IndexReport
from lookalike.nouns.search_report import SearchReport
from lookalike.nouns.verdict import Level
from lookalike.pages.evaluation_words import interval, share
from lookalike.pages.words import count, duration, is_doubtful, named, percent, size


def index_sentence(report: IndexReport) -> str:
    """What the run did."""
    done = [
        f"{report.added:,} new" if report.added else "",
        f"{report.linked:,} moved or copied" if report.linked else "",
        f"{report.vanished:,} gone" if report.vanished else "",
    ]
    detail = ", ".join(part for part in done if part) or "nothing new"
    held = count(report.n_pictures, "picture")
    if report.n_files != report.n_pictures:
        held += f" in {count(report.n_files, 'file')}"
    return f"{held}: {detail}, {duration(report.seconds)}."


def duplicates_sentence(report: DuplicatesReport) -> str:
    """How many copies there are and what room they take."""
    return f"{groups_words(report)} in {spare_sentence(report)}"


def groups_words(report: DuplicatesReport) -> str:
    """How many groups there are."""
    return f"{count(len(report.groups), 'group')} of copies" if report.groups else "No copies"


def spare_sentence(report: DuplicatesReport) -> str:
    """How many files were looked at, what room the copies take, and what could not be read."""
    text = count(report.n_files, "file")
    if report.groups:
        text += f": {report.spare_files:,} to spare, {size(report.spare_bytes)}"
    text += "."
    if report.n_unreadable:
        them = "it" if report.n_unreadable == 1 else "them"
        unread = count(report.n_unreadable, "picture")
        text += f" {unread} could not be read; lookalike info names {them}."
    return text


def trust_sentence(report: DuplicatesReport) -> str:
    """How many of the listed pairs are likely wrong; empty where none is listed."""
    n, wrong = report.n_pairs, report.expected_wrong
    if not n:
        return ""
    if n == 1:
        odds = max(2, round(1 / wrong)) if wrong >= 0.001 else 0
        chance = f"One chance in {odds:,}" if odds else "Less than one chance in 1,000"
        return f"{chance} that the pair is wrong."
    if wrong < 0.05:
        return f"None of the {n:,} pairs is expected to be wrong."
    if wrong < 0.95:
        return f"{n:,} pairs, with one chance in {max(2, round(1 / wrong))} that one is wrong."
    return f"{n:,} pairs, about {wrong:,.0f} of them expected to be wrong."


def promise_sentence(report: DuplicatesReport) -> str:
    """From which probability pairs are listed for what was promised; empty without a promise."""
    bound = percent(report.least_probability)
    if (share := report.wrong_at_most) is not None:
        if report.least_probability >= 1:
            return f"No pair is sure enough to promise {percent(share)} wrong ones at most."
        return f"Listed from {bound} sure, so that at most {percent(share)} of them are wrong."
    if (share := report.miss_at_most) is None or (missed := report.missed_share) is None:
        return ""
    if report.keeps_promise:
        return f"Listed from {bound} sure, so that at most {percent(share)} of all are missed."
    return (
        f"It cannot be promised to miss {percent(share)} at most: about {percent(missed)} of the "
        "copies may hide among pairs that look more different than alike."
    )


def group_sentence(group: FoundGroup) -> str:
    """How sure it is that every two files of a group are copies."""
    sure = f"{percent(group.least_sure.verdict.probability)} sure"
    if len(group.pairs) == 1:
        return sure
    pairs = "every pair" if group.is_complete else "every listed pair"
    return f"{pairs} {sure}" if sure[0] in "1>" else f"{pairs} at least {sure}"


def search_sentence(report: SearchReport) -> str:
    """What came up: copies, possible copies, or at least something similar."""
    verdicts = [hit.verdict for answer in report.answers for hit in answer.hits]
    possible = sum(is_doubtful(v) for v in verdicts)
    copies = sum(v.is_copy for v in verdicts) - possible
    same_class = sum(v.level == Level.SAME_CLASS for v in verdicts)
    similar = sum(v.level == Level.SIMILAR for v in verdicts)
    found = [
        count(copies, "copy", "copies") if copies else "",
        count(possible, "possible copy", "possible copies") if possible else "",
        f"{same_class:,} of its class" if same_class else "",
        f"{similar:,} similar" if similar else "",
    ]
    text = ", ".join(part for part in found if part) or "nothing like it"
    where = f"among {count(report.n_pictures, 'picture')}"
    if len(report.answers) != 1:
        where += f" for {count(len(report.answers), 'query', 'queries')}"
    return f"{text[0].upper()}{text[1:]} {where}."


def approximation_sentence(report: SearchReport) -> str:
    """How good an approximate search is, or why it was exact; empty where none was asked for."""
    told = report.approximation
    if told is None:
        return ""
    if told.recall is None:
        return f"Exact, not approximate: {told.why_exact}."
    return (
        f"Approximate: found {share(told.recall.value)} of the true {told.k} nearest on "
        f"{count(told.recall.n, 'picture')} tried (95 % interval {interval(told.recall)})."
    )


def compare_sentence(report: CompareReport) -> str:
    """The verdict on two pictures, or which two of three are most alike."""
    if report.nearer is None:
        verdict = report.pairs[0].verdict
        said = named(verdict).capitalize()
        return f"{said}, {percent(verdict.probability)} sure: {verdict.reason}."
    a_b, a_c, _ = report.pairs
    near, far = ("B", "C") if report.nearer == a_b.second else ("C", "B")
    sure = percent(report.nearer_probability or 0.5)
    text = f"A is nearer to {near} than to {far}, {sure} sure."
    if report.closest not in (a_b, a_c):
        text += " B and C are the two most alike."
    return text


def trio_sentence(report: CompareReport) -> str:
    """Which of three pictures are alike, and whether at least two are; empty for two pictures."""
    if (trio := report.trio) is None:
        return ""
    alike = "of one class" if report.relation is Level.SAME_CLASS else "alike"
    said = f"No two are {alike}" if trio.likeliest == "none" else f"{trio.likeliest} are {alike}"
    said += f", {percent(trio.arrangements[trio.likeliest])} sure."
    return f"{said} At least two of the three are {alike}: {percent(trio.at_least_two)}."


def closest_sentence(report: CompareReport) -> str:
    """What the two most alike of three pictures are to each other."""
    verdict = report.closest.verdict
    pair = ("A and B", "A and C", "B and C")[report.pairs.index(report.closest)]
    return f"{pair}: {named(verdict)}, {percent(verdict.probability)} sure."


def demo_sentence(report: DemoReport) -> str:
    """How many planted copies were found and how many pairs are wrong."""
    planted, found = sum(report.planted.values()), sum(report.found.values())
    wrong = len(report.false_pairs)
    said = f"{count(wrong, 'pair')} of no copies reported" if wrong else "no false pair"
    return f"{found} of {planted} planted copies found, {said}."
