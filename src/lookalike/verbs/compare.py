"""`compare`: what two pictures are to each other, or which two of three are most alike."""

from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.images.budget import DecodeBudget
from lookalike.nouns.card import ModelCard
from lookalike.nouns.compare_report import ComparedPair, CompareReport, Trio
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.picture import Stamp
from lookalike.store.reader import IndexReader
from lookalike.verbs.describe import describe_chunk
from lookalike.verbs.evidence import Sight, look_closely
from lookalike.verbs.heeded import NOTHING_SAID, Heeded, card_of
from lookalike.verbs.in_memory import Query, as_files
from lookalike.verbs.place import INDEX_FOLDER, Place
from lookalike.verbs.ready import Source, model_for
from lookalike.verdicts.decide import (
    Evidence,
    Priors,
    alike_chance,
    chance_of_level,
    decide,
    taught_level,
)
from lookalike.verdicts.settle import settle
from lookalike.verdicts.trio import arrangements, nearer_chance


def compare(
    first: Query,
    second: Query,
    third: Query | None = None,
    *,
    model: str | Path | Encoder | None = None,
    provider: str = "auto",
    index: str | Path | None = None,
) -> CompareReport:
    """Say what two pictures are to each other; of three, also which of them are alike.

    The prior is even: whoever holds two pictures against each other has a reason. So it is of
    three: as likely as not at least two of them are alike.

    Args:
        first: picture A: a file; or from memory, the bytes of a file, a picture of Pillow, or an
            array of uint8 (h, w, 3).
        second: picture B, likewise.
        third: picture C, likewise.
        model: name or file of the model, or one that is loaded; the default one unless named.
        provider: what runs the model, see `load_encoder`.
        index: a collection with an index, or the folder of an index: judge as it does, by its
            model and by what `tune` and `tune_from_pictures` learned there.

    Raises:
        InputError: there is no such file or index, or an array is no picture.
        UnreadableImage: a file is no picture that can be decoded.
        WrongIndex: the index was made by another model than the one asked for.
    """
    by = _judge(model, provider, index)
    with as_files([each for each in (first, second, third) if each is not None]) as held:
        report = _compare(held.paths, by)
        pairs = (
            replace(pair, first=held.told(pair.first), second=held.told(pair.second))
            for pair in report.pairs
        )
        return replace(report, pairs=tuple(pairs))


@dataclass(frozen=True, slots=True, eq=False)
class _Judge:
    """By what pictures are compared.

    Attributes:
        encoder: makes the vectors.
        card: what their scores mean.
        heeded: what the user said.
    """

    encoder: Encoder
    card: ModelCard
    heeded: Heeded

    def pair(self, a: Sight, b: Sight, seen: Evidence) -> ComparedPair:
        priors = Priors.by_hand()
        settled = settle(seen, self.card, priors, self.heeded.tuned)
        verdict = self.heeded.verdict(a.digest, b.digest, settled)
        alike = alike_chance(seen, self.card, priors)
        if verdict.is_copy:
            alike = max(alike, verdict.probability)
        return ComparedPair(a.path, b.path, verdict, alike)


def _judge(model: str | Path | Encoder | None, provider: str, index: str | Path | None) -> _Judge:
    if index is None:
        encoder = load_encoder(model or DEFAULT_MODEL, provider=provider)
        return _Judge(encoder, encoder.card, NOTHING_SAID)
    named = Path(index).expanduser().resolve()
    inside = named / INDEX_FOLDER
    place = Place(named, inside if IndexReader.exists(inside) else named)
    loaded = None if model is None or isinstance(model, str | Path) else model
    source = Source(named, place.index, None if loaded else model, provider)  # type: ignore[arg-type]
    with IndexReader.open(place.index) as reader:
        encoder = model_for(source, reader, place, loaded)
        return _Judge(encoder, card_of(encoder, reader), Heeded.of(reader))


def _compare(paths: tuple[Path, ...], by: _Judge) -> CompareReport:
    stamps = [_stamp(path) for path in paths]
    outcomes = describe_chunk(stamps, by.encoder, known=lambda _: False, budget=DecodeBudget())
    sights = []
    for outcome in outcomes:
        if outcome.described is None:
            reason = outcome.failure.reason if outcome.failure else "This is no picture"
            raise UnreadableImage(
                reason, where=str(outcome.stamp.path), mend="compare another picture"
            )
        sights.append(Sight.of(outcome.described, outcome.stamp.path))
    card, priors = by.card, Priors.by_hand()
    two = list(combinations(sights, 2))
    seen = look_closely(two, card, priors)
    pairs = tuple(by.pair(*both, each) for both, each in zip(two, seen, strict=True))
    trio = None if len(paths) == 2 else _trio(pairs, seen, card)
    return CompareReport(by.encoder.name, priors.copy, pairs, taught_level(card), trio)


def _trio(pairs: tuple[ComparedPair, ...], seen: list[Evidence], card: ModelCard) -> Trio:
    a_b, a_c, b_c = (pair.alike for pair in pairs)
    return Trio(arrangements((a_b, a_c, b_c)), nearer(seen[0], seen[1], card))


def nearer(a_b: Evidence, a_c: Evidence, card: ModelCard) -> float:
    """P(B is the one that goes with A), given that one of B and C does.

    Of a copy and a picture that is only similar, the copy is the nearer one.
    """
    priors = Priors.by_hand()
    level = max(
        (decide(each, card, priors).level for each in (a_b, a_c)), key=lambda level: level.rank
    )
    near, far = (chance_of_level(level, each, card, priors) for each in (a_b, a_c))
    return nearer_chance(near, far)


def _stamp(path: Path) -> Stamp:
    if not path.is_file():
        found = "is a folder, not a picture" if path.is_dir() else "does not exist"
        raise InputError(f"The picture {found}", where=str(path), mend="name a picture file")
    facts = path.stat()
    return Stamp(path, facts.st_size, facts.st_mtime_ns)
