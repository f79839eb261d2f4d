"""How poor pictures are matched to their originals."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lookalike.nouns.errors import InputError

Fuse = Literal["scores", "vectors"]
View = Literal["mirror", "crops", "equalised"]
FUSES: tuple[Fuse, ...] = get_args(Fuse)
VIEW_NAMES: tuple[View, ...] = get_args(View)
ORIGINAL_PRIOR = 0.5
"""Before looking, a target has an original among the sources as likely as not."""


DEFAULT_MODELS = ("built-in", "classic")
"""Layout and colour stay in a poor copy that a network no longer knows, and the other way round."""


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """How poor pictures are matched to their originals.

    Attributes:
        top: how many sources are listed for each target.
        prior: P(a target has an original among the sources) before looking, in (0, 1).
        models: names or files of the models; built-in and classic together where empty.
        provider: what runs them, see `load_encoder`.
        fuse: how several models become one: their scores, each on its own scale, or their vectors
            put side by side.
        views: other ways of looking at each target; the best one counts.
        normalise: take from each score what target and source score with other pictures.
        background: pictures that have nothing to do with the targets, to normalise by; the other
            sources where None.
        one_to_one: give each source to one target at most, so that the sum of scores is highest.
        mutual: match only where the target is also the source's best.
        verify: lay each doubtful target over its best sources; what falls into place moves up.
        seed: of the copies that are made poor to learn what a score means.
    """

    top: int = 5
    prior: float = ORIGINAL_PRIOR
    models: tuple[str | Path, ...] = ()
    provider: str = "auto"
    fuse: Fuse = "scores"
    views: tuple[View, ...] = ("mirror",)
    normalise: bool = True
    background: Path | None = None
    one_to_one: bool = False
    mutual: bool = False
    verify: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        if self.top < 1:
            raise InputError("At least one source has to be listed", where=f"top={self.top}")
        if not 0 < self.prior < 1:
            raise InputError(
                "A prior lies strictly between 0 and 1", where=str(self.prior), mend="try 0.5"
            )
        for what, wrong, known in (
            ("way to fuse", {self.fuse} - set(FUSES), FUSES),
            ("view", set(self.views) - set(VIEW_NAMES), VIEW_NAMES),
        ):
            if wrong:
                raise InputError(
                    f"There is no {what} {sorted(wrong)[0]!r}", mend=f"one of {', '.join(known)}"
                )
        if self.one_to_one and self.mutual:
            raise InputError("One-to-one and mutual exclude each other", mend="ask for one of them")
        if self.seed < 0:
            raise InputError("A seed is 0 or more", where=str(self.seed))
