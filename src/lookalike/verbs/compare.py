"""`compare`: what two pictures are to each other, or which two of three are most alike."""

from itertools import combinations
from pathlib import Path

from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.images.budget import DecodeBudget
from lookalike.nouns.compare_report import ComparedPair, CompareReport
from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.nouns.picture import Stamp
from lookalike.verbs.describe import describe_chunk
from lookalike.verbs.evidence import Sight, judge
from lookalike.verdicts.decide import Priors


def compare(
    first: str | Path,
    second: str | Path,
    third: str | Path | None = None,
    *,
    model: str | Path | None = None,
    provider: str = "auto",
) -> CompareReport:
    """Say what two pictures are to each other; of three, every two of them.

    The prior is even: whoever holds two pictures against each other has a reason.

    Args:
        first: picture A.
        second: picture B.
        third: picture C.
        model: name or file of the model; the default one unless named.
        provider: what runs the model, see `load_encoder`.

    Raises:
        InputError: there is no such file.
        UnreadableImage: a file is no picture that can be decoded.
    """
    paths = [Path(p).expanduser() for p in (first, second, third) if p is not None]
    encoder = load_encoder(model or DEFAULT_MODEL, provider=provider)
    stamps = [_stamp(path) for path in paths]
    outcomes = describe_chunk(stamps, encoder, known=lambda _: False, budget=DecodeBudget())
    sights = []
    for outcome in outcomes:
        if outcome.described is None:
            reason = outcome.failure.reason if outcome.failure else "This is no picture"
            raise UnreadableImage(
                reason, where=str(outcome.stamp.path), mend="compare another picture"
            )
        sights.append(Sight.of(outcome.described, outcome.stamp.path))
    priors = Priors.by_hand()
    pairs = [
        ComparedPair(a.path, b.path, judge(a, [b], encoder.card, priors)[0])
        for a, b in combinations(sights, 2)
    ]
    return CompareReport(encoder.name, priors.copy, tuple(pairs))


def _stamp(path: Path) -> Stamp:
    if not path.is_file():
        found = "is a folder, not a picture" if path.is_dir() else "does not exist"
        raise InputError(f"The picture {found}", where=str(path), mend="name a picture file")
    facts = path.stat()
    return Stamp(path, facts.st_size, facts.st_mtime_ns)
