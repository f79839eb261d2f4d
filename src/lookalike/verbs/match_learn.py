"""What scores mean among some sources: copies of them are made poor and looked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.images.degrade import degrade
from lookalike.images.edits import LEAST_SIDE_PX
from lookalike.images.views import VIEWS
from lookalike.nouns.embeddings import Bytes
from lookalike.nouns.match_options import MatchOptions, View
from lookalike.verbs.looks import Looks, look_at_files
from lookalike.verbs.match_scores import Sources
from lookalike.verbs.progress import Progress
from lookalike.verdicts.originals import OriginalCurve, fit_originals
from lookalike.verdicts.weigh import fit_weights

COPIES = 96
"""Copies of sources that are made poor, to learn what a score means among these very sources."""

MOST_EACH = 4
"""Copies made of one source at most."""


@dataclass(frozen=True, slots=True)
class TargetViews:
    """Ways of looking at a target."""

    names: tuple[View, ...]

    def of(self, pixels: Bytes) -> list[Bytes]:
        """The picture as it is, then otherwise."""
        return [pixels, *(other for name in self.names for other in VIEWS[name](pixels))]


def learn(
    ready: Sources,
    originals: Looks,
    encoders: Sequence[Encoder],
    views: TargetViews,
    how: MatchOptions,
    progress: Progress,
) -> tuple[Sources, OriginalCurve]:
    """How much each model counts among these sources, and what a score then means."""
    chance = np.random.default_rng(how.seed)
    n = min(COPIES, MOST_EACH * len(originals))
    drawn = np.resize(chance.permutation(len(originals)), n).tolist()
    seen: dict[Path, int] = {path: row for row, path in enumerate(originals.paths)}
    parts: list[Looks] = []
    for turn in range(0, n, len(originals)):
        rows = drawn[turn : turn + len(originals)]

        def poor(pixels: Bytes, turn: int = turn) -> list[Bytes]:
            if min(pixels.shape[:2]) < LEAST_SIDE_PX:
                return views.of(pixels)
            seed = crc32(pixels.tobytes()) ^ (how.seed + turn)
            return views.of(degrade(pixels, seed))

        def told(at: int, _: int, done: int = turn) -> None:
            progress(done + at, n)

        files = [originals.paths[row] for row in rows]
        parts.append(look_at_files(files, encoders, views=poor, progress=told))
    own = np.array([seen[path] for part in parts for path in part.paths], np.int64)
    scores = np.concatenate([ready.parts(part) for part in parts], axis=1)
    weighed = replace(ready, weights=fit_weights(scores, ready.twins, own))
    return weighed, fit_originals(weighed.together(scores), ready.twins, own)
