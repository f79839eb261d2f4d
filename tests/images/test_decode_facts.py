"""What a file tells of itself."""

import pytest
import zoo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lookalike.images.decode import read_picture


def facts(format="JPEG", **tags):
    return read_picture(zoo.encoded(zoo.slope(16, 12), format, exif=zoo.exif(**tags))).facts


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_time_and_camera(format):
    told = facts(format, taken="2019:07:04 18:22:01", maker="Canon", model="EOS 5D")
    assert told.taken == "2019-07-04T18:22:01"
    assert told.camera == "Canon EOS 5D"


def test_heic_tells_too():
    pytest.importorskip("pillow_heif")
    image = Image.fromarray(zoo.slope(64, 64))
    image.info["exif"] = zoo.exif(taken="2021:01:02 03:04:05", model="X")
    told = read_picture(zoo.encoded(image, "HEIC")).facts
    assert (told.taken, told.camera) == ("2021-01-02T03:04:05", "X")


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ({}, ""),
        ({"changed": "2001:02:03 04:05:06"}, "2001-02-03T04:05:06"),
        (
            {"digitised": "2002:02:03 04:05:06", "changed": "2001:02:03 04:05:06"},
            "2002-02-03T04:05:06",
        ),
        (
            {"taken": "0000:00:00 00:00:00", "digitised": "2002:02:03 04:05:06"},
            "2002-02-03T04:05:06",
        ),
        ({"taken": "2019:13:04 18:22:01"}, ""),
        ({"taken": "    :  :     :  :  "}, ""),
        ({"taken": "0007:01:01 00:00:00"}, ""),
        ({"taken": "2019-07-04T18:22:01"}, "2019-07-04T18:22:01"),
        ({"taken": "2019:07:04 18:22"}, "2019-07-04T18:22:00"),
        ({"taken": "1905:07:04 18:22:01\0junk"}, "1905-07-04T18:22:01"),
        ({"taken": "yesterday"}, ""),
    ],
)
def test_times(tags, wanted):
    assert facts(**tags).taken == wanted


@pytest.mark.parametrize(
    ("maker", "model", "wanted"),
    [
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("Apple", None, "Apple"),
        (None, "DSC-1", "DSC-1"),
        ("SONY   ", "A7\x1b[31m\n2", "SONY A7 [31m 2"),
        ("x" * 5000, None, "x" * 100),
    ],
)
def test_cameras(maker, model, wanted):
    assert facts(maker=maker, model=model).camera == wanted


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_exif_never_fails_a_picture(data):
    tags = zoo.exif(6, taken="2019:07:04 18:22:01", maker="A", model="B")
    block = bytearray(tags)
    for _ in range(data.draw(st.integers(1, 8))):
        block[data.draw(st.integers(6, len(block) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(6, len(block)))
    picture = read_picture(zoo.encoded(zoo.slope(16, 12), "JPEG", exif=bytes(block[:cut])))
    assert sorted(picture.pixels.shape) == [3, 12, 16]
