"""Search by words: what is nearest by the words' vector, and no verdict."""

import importlib.util
import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import lookalike
from lookalike.cli.main import main
from lookalike.encoders.text_encoder import words_of
from lookalike.verbs.search_text import are_words

pytest.importorskip("tokenizers")
from made_words import give_words

NAMES = {"alpha": "a.jpg", "beta": "b.png", "gamma": "c.jpg", "delta": "d.jpg"}


@pytest.fixture
def asked(album, tiny_model, tmp_path):
    """An album indexed by a model whose words are the vectors of four of its pictures."""
    model = tmp_path / "models" / "pair.onnx"
    model.parent.mkdir()
    shutil.copy(tiny_model, model)
    encoder = lookalike.load_encoder(model, provider="cpu")
    pixels = [np.asarray(Image.open(album / name).convert("RGB")) for name in NAMES.values()]
    words = give_words(model, dict(zip(NAMES, encoder.encode(pixels), strict=True)))
    source = lookalike.Source(album, model=model, provider="cpu")
    return SimpleNamespace(album=album, model=model, words=words, source=source, encoder=encoder)


def test_a_word_finds_the_picture_that_it_stands_for(asked):
    report = lookalike.search_text(list(NAMES), asked.source, k=3)
    whole = lookalike.search_text(list(NAMES), asked.source, k=100)
    for answer, every, name in zip(report.answers, whole.answers, NAMES.values(), strict=True):
        own = next(hit for hit in every.hits if name in (hit.path, *hit.also_at))
        assert own.score == pytest.approx(1, abs=2e-3)
        assert own.score >= answer.hits[0].score - 2e-3  # drawn weights tell little apart
        scores = [hit.score for hit in every.hits]
        assert scores == sorted(scores, reverse=True) and answer.hits == every.hits[:3]


def test_the_order_is_that_of_the_cosine(asked):
    text = "  Beta, delta  "
    (vector,) = words_of(asked.encoder).encode([text])
    (answer,) = lookalike.search_text(text, asked.source, k=100).answers
    by_hand = {}
    for hit in answer.hits:
        pixels = np.asarray(Image.open(asked.album / hit.path).convert("RGB"))
        by_hand[hit.path] = float(asked.encoder.encode([pixels])[0] @ vector)
    for hit in answer.hits:
        assert hit.score == pytest.approx(by_hand[hit.path], abs=0.01)
    assert len(answer.hits) == lookalike.info(asked.album).n_pictures


def test_filters_and_files_that_are_gone(asked):
    (answer,) = lookalike.search_text("alpha", asked.source, where="path like 'c*'").answers
    assert answer.hits and all(hit.path.startswith("c") for hit in answer.hits)
    (asked.album / "c.jpg").unlink()
    as_is = lookalike.Source(asked.album, model=asked.model, provider="cpu", as_is=True)
    (answer,) = lookalike.search_text("gamma", as_is, k=2).answers
    assert "c.jpg" not in [hit.path for hit in answer.hits] and len(answer.hits) == 2


def test_a_batch_gives_what_each_text_gives_alone(asked):
    words = words_of(asked.encoder)
    texts = ["alpha", "delta " * 50, "beta gamma"]
    assert (words.encode(texts) == np.concatenate([words.encode([t]) for t in texts])).all()
    assert words.encode([]).shape == (0, 16)


def test_what_cannot_be_asked_is_refused(asked, tmp_path):
    for texts in ((), "", ["alpha", "  "]):
        with pytest.raises(lookalike.InputError, match="no words"):
            lookalike.search_text(texts, asked.source)
    with pytest.raises(lookalike.InputError, match="at least 1"):
        lookalike.search_text("alpha", asked.source, k=0)
    asked.words.unlink()
    with pytest.raises(lookalike.InputError, match="'tiny' knows no words") as caught:
        lookalike.search_text("alpha", asked.source)
    assert "models add" in caught.value.mend


def test_a_model_without_words_is_refused_before_anything_is_read(album):
    with pytest.raises(lookalike.InputError, match="knows no words") as caught:
        lookalike.search_text("bicycle", album)
    assert "how it is spelt" in caught.value.mend
    assert not (album / ".lookalike").exists()


def test_words_that_are_not_the_models_are_refused(asked):
    vectors = {"alpha": np.ones(16, np.float32)}
    give_words(asked.model, vectors, pictures="another")
    with pytest.raises(lookalike.WrongModel, match="not those of the model"):
        words_of(asked.encoder)
    whole = give_words(asked.model, vectors).read_bytes()
    changed = bytearray(whole)
    place = whole.index(np.ones(16, np.float32).tobytes())
    changed[place : place + 4] = np.float32(2).tobytes()
    for content in (
        bytes(changed),
        whole[: len(whole) // 2],
        b"",
        whole[: whole.rindex(b"lookal")],
    ):
        asked.words.write_bytes(content)
        with pytest.raises(lookalike.WrongModel):
            words_of(asked.encoder)


def test_without_the_library_its_extra_is_named(asked, monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "lookalike.encoders.text_encoder.find_spec",
        lambda name: None if name == "tokenizers" else real(name),
    )
    with pytest.raises(lookalike.MissingExtra) as caught:
        lookalike.search_text("alpha", asked.source)
    assert "lookalike[text]" in caught.value.mend


@pytest.mark.parametrize(
    ("queries", "words"),
    [
        (["a red bicycle"], True),
        (["bicycle", "two dogs, 3.5 m apart"], True),
        (["missing.jpg"], False),
        (["my photo.JPG"], False),
        (["photos/old"], False),
        (["a red bicycle", "missing.jpg"], False),
        ([], False),
    ],
)
def test_what_is_taken_as_words(queries, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert are_words(queries) is words
    (tmp_path / "bicycle").mkdir()
    assert not are_words(["bicycle"])


def test_the_command_takes_words(asked, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    options = [
        "--in",
        str(asked.album),
        "--model",
        str(asked.model),
        "--provider",
        "cpu",
        "-k",
        "2",
    ]
    run = CliRunner()
    said = run.invoke(main, ["search", "alpha beta", *options, "--html", "found.html"])
    assert said.exit_code == 0 and "to “alpha beta” among" in said.output
    assert "no probability" in said.output and "need not show" in said.output
    page = (tmp_path / "found.html").read_text(encoding="utf-8")
    assert "alpha beta" in page and page.count("<figure>") == 2
    told = json.loads(run.invoke(main, ["search", "--text", "gamma", *options, "--json"]).stdout)
    assert told == lookalike.search_text("gamma", asked.source, k=2).to_dict()
    rows = run.invoke(main, ["search", "--text", "x", "--text", "beta", *options, "--csv"])
    assert rows.stdout.splitlines()[0] == "text,place,path,score,width_px,height_px"
    both = run.invoke(main, ["search", str(asked.album / "a.jpg"), "--text", "x", *options])
    assert both.exit_code == 2 and "not both" in both.output
    none = run.invoke(main, ["search", *options])
    assert none.exit_code == 2 and "--text" in none.output
    lost = run.invoke(main, ["search", "missing.jpg", *options])
    assert lost.exit_code == 2 and "no such picture" in lost.output


def test_text_that_would_break_a_page_is_harmless(asked):
    from lookalike.verbs.show import page_of

    page = page_of(lookalike.search_text("<script>alert(1)</script>", asked.source, k=1))
    assert "<script>" not in page and "&lt;script&gt;" in page
