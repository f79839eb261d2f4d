"""Which files go with a picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.quarantine.companions import companions_of

SHOT = ["IMG_1.JPG", "IMG_1.CR2", "IMG_1.MOV", "IMG_1.xmp", "IMG_1.JPG.xmp", "IMG_1.AAE"]


@pytest.mark.parametrize("path", ["IMG_1.JPG", "IMG_1.CR2"])
def test_a_whole_shot_goes_together(path):
    assert set(companions_of(path, SHOT)) == {*SHOT} - {path}


@pytest.mark.parametrize("raw", ["CR2", "cr3", "NEF", "ARW", "DNG", "raf", "ORF", "rw2"])
def test_raw_files_of_all_makers(raw):
    assert companions_of("a/x.heic", ["a/x.heic", f"a/x.{raw}"]) == (f"a/x.{raw}",)


@pytest.mark.parametrize(
    ("path", "siblings", "options", "expected"),
    [
        ("IMG_1.JPG", SHOT, {"staying": ["IMG_1.CR2"]}, ["IMG_1.JPG.xmp"]),
        ("IMG_1.JPG", SHOT, {"going": ["IMG_1.CR2"]}, ["IMG_1.JPG.xmp"]),
        ("IMG_1.CR2", SHOT, {"going": ["IMG_1.JPG"]}, ["IMG_1.AAE", "IMG_1.MOV", "IMG_1.xmp"]),
        ("x.jpg", ["x.png", "x.xmp"], {}, []),
        ("x.jpg", ["x.png", "x.xmp"], {"going": ["x.png"]}, ["x.xmp"]),
        ("x.png", ["x.jpg", "x.xmp"], {"going": ["x.jpg"]}, []),
        ("x.png", ["x.mov", "x.xmp", "x.png.xmp", "x.cr2"], {}, ["x.png.xmp"]),
        ("x.png", ["x.mov", "x.xmp", "x.png.xmp"], {}, ["x.png.xmp", "x.xmp"]),
        ("x.jpg", ["x.heic", "x.mov", "x.dng"], {}, []),
        ("x.bmp", ["x.jpg", "x.cr2", "x.xmp"], {"going": ["x.jpg"]}, ["x.xmp"]),
        ("x.jpg", ["x.heic", "x.cr2", "x.mov"], {"going": ["x.heic"]}, []),
        ("x.heic", ["x.jpg", "x.cr2", "x.mov"], {"going": ["x.jpg"]}, ["x.cr2", "x.mov"]),
        ("x.jpg", ["X.XMP", "x.Nef"], {}, ["X.XMP", "x.Nef"]),
        ("x.jpg", ["x2.xmp", "x.txt", "x", "y.cr2"], {}, []),
        ("a/x.jpg", ["b/x.xmp", "x.xmp"], {}, []),
        ("e\u0301.jpg", ["\xe9.xmp"], {}, ["\xe9.xmp"]),
    ],
)
def test_what_is_shared_with_a_picture_that_stays_stays(path, siblings, options, expected):
    assert list(companions_of(path, siblings, **options)) == expected


NAMES = st.sets(
    st.sampled_from([*SHOT, "IMG_1.heic", "IMG_1.png", "IMG_1.CR2.xmp", "IMG_2.JPG", "IMG_2.xmp"])
)


@given(NAMES, NAMES, NAMES)
def test_no_file_goes_twice_and_nothing_that_stays_goes(siblings, going, staying):
    going = {n for n in going & siblings if n.endswith(("JPG", "heic", "png", "CR2"))} - staying
    found = [
        c for path in going for c in companions_of(path, siblings, staying=staying, going=going)
    ]
    assert len(found) == len(set(found))
    assert not {*found} & {*going, *staying}
    assert {*found} <= siblings
