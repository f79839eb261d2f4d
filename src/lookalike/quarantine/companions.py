"""Which files belong to a picture and go where it goes."""

import os
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_CAMERA = set(".jpg .jpeg .jpe .heic .heif .hif".split())
_OTHERS = set(".avif .bmp .gif .jp2 .jxl .png .psd .tif .tiff .webp".split())
_RAW = set(
    ".3fr .arw .cr2 .cr3 .crw .dcr .dng .erf .iiq .kdc .mef .mos .mrw .nef .nrw .orf .pef .raf "
    ".raw .rw2 .rwl .sr2 .srf .srw .x3f".split()
)
_FILMS = {".mov", ".mp4"}
_SIDECARS = {".xmp", ".aae", ".thm", ".pp3", ".dop"}


def companions_of(
    path: str,
    siblings: Iterable[str],
    *,
    staying: Collection[str] = (),
    going: Collection[str] = (),
) -> tuple[str, ...]:
    """The files that belong to a picture, by the names that cameras and programs give.

    IMG_1.JPG (or HEIC) and IMG_1.CR2 are one shot, in both directions; IMG_1.MOV is its film;
    IMG_1.xmp, IMG_1.JPG.xmp and IMG_1.AAE hold its edits. What belongs to a picture that stays
    as well stays with it. What belongs to two pictures that both go, goes with the first by name.

    Args:
        path: of the picture, relative, "/" between parts.
        siblings: paths of all files of its folder; others are passed over.
        staying: of these, pictures that must stay, such as the copies that are kept.
        going: of these, pictures that a plan moves by themselves, `path` or not.

    Returns:
        Paths in order, without `path` and without any of `staying` and `going`.
    """
    folder = path.rpartition("/")[0]
    near = {_Name.of(s) for s in siblings if s.rpartition("/")[0] == folder} | {_Name.of(path)}
    picture = _Name.of(path)
    planned = {path, *going}
    leaving = planned - {*staying}
    shots = {
        name: min(partners & planned)
        for name in near
        if name.path not in {*planned, *staying}
        and (partners := {partner.path for partner in name.partners(near)}) & planned
        and partners <= leaving
    }
    movers = {picture} | {name for name, head in shots.items() if head == path}
    leaving |= {name.path for name in shots}
    for name in near:
        owners = name.owners(near)
        paths = {owner.path for owner in owners}
        if name.path in {*planned, *staying} or not owners or not paths <= leaving:
            continue
        # A raw file that goes with a picture hands what it owns to that picture.
        heads = {shots.get(owner, owner.path) for owner in owners}
        if min(heads) == path:
            movers.add(name)
    return tuple(sorted(mover.path for mover in movers if mover.path != path))


@dataclass(frozen=True, slots=True)
class _Name:
    path: str
    name: str
    stem: str
    suffix: str

    @classmethod
    def of(cls, path: str) -> "_Name":
        """The name as it is compared: any case, any spelling of accents."""
        name = unicodedata.normalize("NFC", path.rpartition("/")[2]).casefold()
        stem, suffix = os.path.splitext(name)
        return cls(path, name, stem, suffix)

    def is_shot_with(self, other: "_Name") -> bool:
        """Whether one is the raw file of the other."""
        kinds = (self.suffix in _RAW, other.suffix in _CAMERA)
        swapped = (other.suffix in _RAW, self.suffix in _CAMERA)
        return self.stem == other.stem and (all(kinds) or all(swapped))

    def partners(self, near: set["_Name"]) -> set["_Name"]:
        """The pictures that were taken together with this one."""
        return {other for other in near if self.is_shot_with(other)}

    def owners(self, near: set["_Name"]) -> set["_Name"]:
        """The pictures that this film or sidecar belongs to; none for other files."""
        if self.suffix in _FILMS:
            return {o for o in near if o.stem == self.stem and o.suffix in _CAMERA | _RAW}
        if self.suffix in _SIDECARS:
            pictures = {o for o in near if o.suffix in _CAMERA | _OTHERS | _RAW}
            named = {o for o in pictures if o.name == self.stem}
            return named or {o for o in pictures if o.stem == self.stem}
        return set()
