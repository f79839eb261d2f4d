"""The pictures of all questions, two by two."""

from lookalike.nouns.questions import Question, QuestionsReport
from lookalike.pages.cards import LARGE_PX, Thumbnail, figure
from lookalike.pages.frame import page
from lookalike.pages.words import count, visible


def questions_page(report: QuestionsReport, thumbnail: Thumbnail) -> str:
    """Each pair side by side, numbered as the terminal asks.

    Args:
        report: the questions.
        thumbnail: makes the small pictures.
    """
    sections = [
        _section(number, question, report, thumbnail)
        for number, question in enumerate(report.questions, start=1)
    ]
    title = f"{count(len(report.questions), 'question')} about {visible(report.folder.name)}"
    lead = "Is it one photograph, changed, or are they two? Answer in the terminal."
    return page(title, lead, sections, report.model)


def _section(number: int, question: Question, report: QuestionsReport, thumbnail: Thumbnail) -> str:
    figures = "".join(
        figure(path, thumbnail(report.folder / path, LARGE_PX))
        for path in (question.first, question.second)
    )
    return (
        f'<section id="question-{number}"><h2><span class="number">{number}</span></h2>'
        f'<div class="grid pair">{figures}</div></section>'
    )
