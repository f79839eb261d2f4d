"""Questions: about doubtful pairs, never twice, and their answers move all other doubtful pairs."""

import json

import pytest
from click.testing import CliRunner
from PIL import Image
from scenes import scene

import lookalike
from lookalike.cli.main import main
from lookalike.verbs import copies as module


@pytest.fixture
def doubtful(tmp_path, monkeypatch):
    """A folder of four pairs of copies, whose probabilities are made doubtful here."""
    for seed in range(4):
        picture = scene(seed)
        picture.save(tmp_path / f"{seed}.jpg", quality=92)
        picture.resize((160, 120)).save(tmp_path / f"{seed}-small.jpg")
        Image.new("RGB", (9, 9)).save(tmp_path / "dark.png")
    chances = iter([0.45, 0.6, 0.7, 0.8] * 50)
    real_decide, by_pair = module.decide, {}

    def decide(seen, card, priors):
        verdict = real_decide(seen, card, priors)
        if not verdict.is_copy or verdict.probability == 1:
            return verdict
        chance = by_pair.setdefault((seen.score, seen.hash_bits), next(chances))
        return module.retold(verdict, chance)

    def chance_of(seen, card, priors):
        known = by_pair.get((seen.score, seen.hash_bits))
        return real_chance(seen, card, priors) if known is None else known

    real_chance = module.copy_chance
    monkeypatch.setattr(module, "decide", decide)
    monkeypatch.setattr(module, "copy_chance", chance_of)
    return tmp_path


def listed(folder):
    report = lookalike.duplicates(folder, least_probability=0.5)
    return {frozenset({p.first, p.second}): p.verdict.probability for p in report.listed}


def ask(folder, keys, *options):
    command = ["tune", str(folder), "--ask", "--html", str(folder / "asked.html"), *options]
    return CliRunner().invoke(main, command, input=keys)


def test_the_most_doubtful_pairs_come_first_and_each_answer_is_kept(doubtful):
    report = lookalike.questions(doubtful)
    assert [round(q.chance, 2) for q in report.questions] == [0.45, 0.6, 0.7, 0.8]
    assert all(question.first != question.second for question in report.questions)
    assert len(lookalike.questions(doubtful, most=2).questions) == 2


def test_answers_are_heeded_and_change_the_pairs_not_asked_about(doubtful):
    before = listed(doubtful)
    done = ask(doubtful, "yq")
    assert done.exit_code == 0
    after = listed(doubtful)
    assert after.keys() > before.keys()
    assert len([chance for chance in after.values() if chance == 1]) == 1
    others = [pair for pair in before if after[pair] < 1]
    assert all(after[pair] > before[pair] for pair in others)
    assert [round(q.chance, 2) for q in lookalike.questions(doubtful).questions] == [0.6, 0.7, 0.8]


def test_no_lowers_and_forgetting_brings_back_what_was(doubtful):
    before = listed(doubtful)
    first = lookalike.questions(doubtful).questions[1]
    ask(doubtful, "snq")
    told = lookalike.tune(doubtful)
    assert (told.tuned_by, [pair.same for pair in told.pairs]) == (1, [False])
    assert told.shift < 0
    after = listed(doubtful)
    assert frozenset({first.first, first.second}) not in after
    assert all(after[pair] < before[pair] for pair in after)
    lookalike.tune(doubtful, forget=[(first.first, first.second)])
    assert listed(doubtful) == before


def test_skipping_and_the_end_of_input_keep_what_was_said(doubtful):
    assert "0 answers" not in ask(doubtful, "s?yx").output
    assert lookalike.tune(doubtful).tuned_by == 1
    page = (doubtful / "asked.html").read_text(encoding="utf-8")
    assert page.count('class="grid pair"') == 4


def test_where_nothing_is_doubtful_nothing_is_asked(tmp_path):
    scene(1).save(tmp_path / "a.jpg")
    done = ask(tmp_path, "")
    assert done.exit_code == 0
    assert not (tmp_path / "asked.html").exists()


def test_asking_goes_alone(doubtful):
    assert ask(doubtful, "", "--same", "0.jpg", "1.jpg").exit_code == 2
    assert CliRunner().invoke(main, ["tune", str(doubtful), "--html", "x.html"]).exit_code == 2


def test_json_tells_the_tuning(doubtful):
    ask(doubtful, "yynq")
    done = CliRunner().invoke(main, ["tune", str(doubtful), "--json"])
    told = json.loads(done.stdout)
    assert told["tuned_by"] == 3
    assert told["scale"] > 0


def test_a_folder_held_against_another_heeds_the_references_answers(doubtful, monkeypatch):
    seen = []
    real = module.retold

    def spy(verdict, chance):
        seen.append(chance)
        return real(verdict, chance)

    ask(doubtful, "yq")
    monkeypatch.setattr(module, "retold", spy)
    lookalike.duplicates_of([doubtful / "3-small.jpg"], doubtful)
    assert seen
