"""`map`: a collection in the plane, its colours, its page and its picture for print."""

import io
import json
import re

import made_reports as made
import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike
from lookalike.images.sheets import sheets_of, tile_of
from lookalike.nouns.errors import InputError
from lookalike.verbs.map_page import map_text, spread_rows


@pytest.fixture(scope="module")
def two_kinds(tmp_path_factory):
    """Dark blue and bright orange pictures in two folders, ten of each."""
    folder = tmp_path_factory.mktemp("kinds")
    chance = np.random.default_rng(0)
    for name, colour in (("night", (20, 30, 90)), ("day", (250, 160, 60))):
        (folder / name).mkdir()
        for number in range(10):
            noise = chance.normal(0, 12, (48, 64, 3)) + colour
            pixels = noise.clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    lookalike.index(folder)
    return folder


def test_like_pictures_lie_together(two_kinds):
    report = lookalike.map_pictures(two_kinds, method="pca", clusters=2)
    night = np.array([path.startswith("night") for path in report.paths])
    x = report.points[:, 0]
    assert x[night].max() < x[~night].min() or x[night].min() > x[~night].max()
    assert sorted((c.name, c.n) for c in report.clusters) == [("day", 10), ("night", 10)]
    for cluster in report.clusters:
        assert cluster.medoid.startswith(cluster.name)
    assert report.laid_out == len(report) == 20
    assert report.method == "PCA" and 0 < report.kept_neighbours <= 1


def test_the_same_seed_gives_the_same_map(two_kinds):
    pytest.importorskip("sklearn")
    one, other = (lookalike.map_pictures(two_kinds, seed=4, landmarks=12) for _ in range(2))
    assert one.method == "t-SNE" and one.laid_out == 12
    assert "sample of 12" in one.remarks[0] and "other 8" in one.remarks[0]
    assert (one.points == other.points).all()
    assert json.dumps(one.to_dict()) == json.dumps(other.to_dict())


def test_few_pictures_are_laid_out_by_their_axes(tmp_path):
    scene(1).save(tmp_path / "a.png")
    report = lookalike.map_pictures(tmp_path)
    assert report.method == "PCA" and "fewer than 5" in report.remarks[0]
    assert report.clusters == (lookalike.Cluster("like a", 1, "a.png"),)
    assert report.kept_neighbours is None


def test_an_empty_folder_and_bad_words_are_refused(tmp_path, two_kinds):
    with pytest.raises(InputError, match="no picture"):
        lookalike.map_pictures(tmp_path)
    with pytest.raises(InputError, match="no method"):
        lookalike.map_pictures(two_kinds, method="sne")
    with pytest.raises(InputError, match="0 or more"):
        lookalike.map_pictures(two_kinds, clusters=-1)
    with pytest.raises(InputError, match="no picture"):
        lookalike.map_pictures(two_kinds, where="width > 5000")


def test_labels_and_groups_colour(read_album, tmp_path):
    labels = tmp_path / "labels.csv"
    full = (read_album / "d.jpg").resolve()
    labels.write_text(f"path,label\na.jpg,one\n{full},two\nbackup/a.jpg,\n")
    found = lookalike.duplicates(read_album)
    saved = lookalike.save_duplicates(found, tmp_path / "found.json")
    report = lookalike.map_pictures(read_album, method="pca", labels=labels, groups=saved)
    label, group = report.colouring("label"), report.colouring("group")
    told = dict(zip(report.paths, label.of.tolist(), strict=True))
    assert label.names[told["a.jpg"]] == "one" and label.names[told["d.jpg"]] == "two"
    assert told["f.jpg"] == -1
    of = dict(zip(report.paths, group.of.tolist(), strict=True))
    assert of["c.jpg"] == of["c-small.jpg"] != of["d.jpg"]
    header, rows = report.to_table()
    assert header == ("path", "x", "y", "folder", "label", "group", "cluster")
    assert len(rows) == len(report)


@pytest.mark.parametrize(
    ("text", "said"), [("a,b\n1,2\n", "columns"), ("path,label\nx.jpg,y\n", "None of the labels")]
)
def test_labels_that_fit_nothing_are_refused(read_album, tmp_path, text, said):
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(InputError, match=said):
        lookalike.map_pictures(read_album, method="pca", labels=tmp_path / "labels.csv")
    with pytest.raises(InputError, match="cannot be read"):
        lookalike.map_pictures(read_album, method="pca", labels=tmp_path / "none.csv")


def test_the_first_rows_lie_all_over_the_map():
    points = np.random.default_rng(0).normal(0, 1, (3000, 2)).astype(np.float32)
    order = spread_rows(points)
    assert (np.sort(order) == np.arange(3000)).all()
    low, high = points.min(axis=0), points.max(axis=0)
    cells = np.floor((points[order[:60]] - low) / (high - low).max() * 8)
    assert len(np.unique(cells, axis=0)) > 25
    assert (spread_rows(points) == order).all()


def test_tiles_keep_their_places():
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0), (0, 250, 250)]
    tiles = [tile_of(np.full((30, 60, 3), c, np.uint8), 16) for c in colours]
    assert [t.shape for t in tiles] == [(8, 16, 3)] * 5
    sheets = [Image.open(io.BytesIO(s)) for s in sheets_of(tiles, side_px=16, per_row=2)]
    assert [s.size for s in sheets] == [(32, 32), (32, 16)]
    seen = [sheets[0].getpixel((x, y)) for y in (4, 20) for x in (8, 24)]
    seen.append(sheets[1].getpixel((8, 4)))
    assert np.abs(np.array(seen) - colours).max() < 30


def data_of(text):
    found = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', text)
    return json.loads(found[1])


def test_the_page_holds_everything_and_runs_one_script_only(two_kinds, tmp_path):
    report = lookalike.map_pictures(two_kinds, method="pca", clusters=2)
    page = lookalike.save_map(report, tmp_path / "map.html", tiles=6).read_text(encoding="utf-8")
    assert page == map_text(report, tiles=6)
    data = data_of(page)
    assert data["n"] == 20 and len(data["files"]) == 20 and len(data["sheets"]) == 1
    assert "small pictures of 6 of the 20" in page
    from base64 import b64decode, b64encode
    from hashlib import sha256

    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 1
    allowed = b64encode(sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in page
    assert not re.search(r"https?://|url\(|@import", page)
    x = np.frombuffer(b64decode(data["x"]), "<u2")
    assert (np.argsort(x, kind="stable") == np.argsort(report.points[:, 0], kind="stable")).all()
    tiles = np.frombuffer(b64decode(data["tile"]), "<i4")
    assert sorted(tiles[tiles >= 0].tolist()) == list(range(6))


def test_hostile_names_stay_data():
    report = made.a_map(5)
    evil = "</script><script>alert(1)</script>"
    paths = (evil, *report.paths[1:])
    fields = {name: getattr(report, name) for name in report.__dataclass_fields__}
    text = map_text(lookalike.MapReport(**{**fields, "paths": paths}), tiles=0)
    assert "<script>alert" not in text
    assert data_of(text)["files"][0] in evil


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_picture_for_print(two_kinds, tmp_path, suffix):
    pytest.importorskip("matplotlib")
    report = lookalike.map_pictures(two_kinds, method="pca")
    path = lookalike.save_map_image(report, tmp_path / f"map.{suffix}", colour="folder")
    first = path.read_bytes()
    assert len(first) > 5_000
    if suffix != "pdf":
        assert lookalike.save_map_image(report, path).read_bytes() == first
    if suffix == "png":
        assert Image.open(io.BytesIO(first)).size == (2200, 1650)
    with pytest.raises(InputError, match="no colouring"):
        lookalike.save_map_image(report, path, colour="mood")
    with pytest.raises(InputError, match="printed as"):
        lookalike.save_map_image(report, tmp_path / "map.gif")
