"""The same answer at every size: one process, four shares, and Spark with executors of its own.

    python tests/spark/same_answer.py --count 5000 --pictures ~/photos

Makes an album, of pictures by code or of photographs made smaller, one in six an edited copy of
another. Reads it three ways, and compares what each index holds, the neighbours of every picture,
the pairs of copies with their verdicts, and the groups. (Pictures by code are so alike that most of
5,000 are laid over a hundred others, which takes an hour; photographs are not.)
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PIL import Image
from scenes import scene

import lookalike
from lookalike.neighbours.search import top_k
from lookalike.store.reader import IndexReader

K = 5


def start(master, first_on_path=""):
    """A session whose executors run this very Python."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.executorEnv.OMP_NUM_THREADS": "1",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(
            path for path in (first_on_path, *sys.path) if path
        ),
    }
    builder = SparkSession.builder.master(master).appName("lookalike")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def stop(session):
    """End it, and clear what its workers leave in the installed package."""
    import pyspark

    place = Path(pyspark.__file__).parent / "work" / session.sparkContext.applicationId
    session.stop()
    shutil.rmtree(place, ignore_errors=True)


def _scene(number):
    return scene(number, (160, 120))


def make_album(folder, count, original=_scene):
    """So many files: scenes, every sixth a copy: smaller, mirrored, turned, cut or tilted."""
    folder.mkdir(parents=True)
    for number in range(count):
        place = folder / f"{number % 3}"
        place.mkdir(exist_ok=True)
        _save(place / f"_{number:05}.jpg", number, original)
    (folder / "notes.txt").write_text("no picture")
    for shade in (0, 0, 4):
        flat = Image.new("RGB", (160, 120), (shade,) * 3)
        flat.save(folder / f"dark-{shade}-{len(list(folder.iterdir()))}.png")
    whole = (folder / "0" / "_00000.jpg").read_bytes()
    (folder / "torn [1].jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "again.jpg").write_bytes(whole)
    with Image.open(folder / "2" / "_00002.jpg") as picture:
        picture.save(folder / "pixels.png")


def photographs(folder, count):
    """What makes a photograph of a number: those of a folder, those of many classes mixed."""
    found = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in {".jpg", ".jpeg", ".png"}]
    np.random.default_rng(0).shuffle(found)
    if len(found) < count:
        sys.exit(f"{folder} holds {len(found)} pictures; --count {count} needs as many")

    def original(number):
        with Image.open(found[number]) as picture:
            picture = picture.convert("RGB")
        picture.thumbnail((240, 240))
        return picture

    return original


def _save(path, number, original):
    copied, way = divmod(number, 6)
    picture = original(copied * 6 if way == 1 else number)
    if way == 1:
        edits = (
            lambda p: p.resize((p.width * 3 // 4, p.height * 3 // 4)),
            lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
            lambda p: p.transpose(Image.Transpose.ROTATE_90),
            lambda p: p.crop((15, 10, p.width - 10, p.height - 8)),
            lambda p: p.rotate(8, expand=True, fillcolor="white"),
        )
        picture = edits[copied % len(edits)](picture)
    picture.save(path, quality=75 if way == 1 else 92)


def contents(index):
    """What an index on disk holds: each picture with all its files, and what could not be read."""
    with IndexReader.open(index) as reader:
        rows, hashes, quality = reader.hashes()
        vectors = reader.vectors()
        held = {}
        for row, bits, sure, entry in zip(
            rows.tolist(), hashes, quality.tolist(), reader.entries(rows), strict=True
        ):
            paths = tuple(file.path for file in entry.files)
            facts = (*entry.facts.to_dict().values(), entry.files[0].size_bytes)
            vector = vectors[row].astype(np.float32).tobytes()
            held[entry.digest] = (paths, facts, sure, bits.tobytes(), entry.scaled_digest, vector)
        return held, {(str(f.path), f.reason) for f in reader.failures()}


def neighbours(index):
    """The K nearest of every picture, by first path, with scores."""
    with IndexReader.open(index) as reader:
        rows = reader.live_rows()
        names = {entry.row: entry.path for entry in reader.entries(rows)}
        vectors = np.asarray(reader.vectors(), np.float32)
        found = top_k(vectors[rows], reader.vectors(), k=K, rows=rows)
        return {
            names[row]: [
                (names[near], float(score)) for near, score in zip(ids, scores, strict=True)
            ]
            for row, ids, scores in zip(
                rows.tolist(), found.ids.tolist(), found.scores, strict=True
            )
        }


def copies(album, index):
    """The pairs with all that is said of them and whether they are in one group; the groups."""
    source = lookalike.Source(album, index=index, as_is=True)
    report = lookalike.duplicates(source, least_probability=0.5)
    inside = [pair for group in report.groups for pair in group.pairs]
    pairs = {(p.first, p.second, *_verdict(p.verdict), True) for p in inside}
    pairs |= {(p.first, p.second, *_verdict(p.verdict), False) for p in report.related}
    return pairs, {tuple(member.path for member in group.members) for group in report.groups}


def _verdict(v):
    return str(v.level), v.probability, str(v.rung), v.reason, v.score, v.hash_bits


def spark_contents(spark, table):
    """As `contents`, of a table."""
    from lookalike.spark import failures, pictures

    held = {}
    for row in pictures(spark, table).collect():
        facts = (row.width, row.height, row.format, row.mode, row.orientation, row.taken)
        vector = np.array(row.vector, np.float32).tobytes()
        held[row.digest.hex()] = (
            tuple(row.paths),
            (*facts, row.camera, row["size"]),
            row.quality,
            bytes(row.hashes),
            bytes(row.scaled_digest),
            vector,
        )
    return held, {(row.path, row.reason) for row in failures(spark, table).collect()}


def spark_neighbours(spark, table, out):
    """As `neighbours`, of a table against itself."""
    from lookalike.spark import match

    found = {}
    match(spark, table, table, out, k=K)
    for row in spark.read.parquet(f"{out}/hits").orderBy("query", "place").collect():
        found.setdefault(row["query"], []).append((row.path, row.score))
    return found


def spark_copies(spark, out):
    """As `copies`, of what `duplicates` wrote."""
    pairs = {
        (*(row[name] for name in _PAIR), row.group is not None)
        for row in spark.read.parquet(f"{out}/pairs").collect()
    }
    groups = {}
    for row in spark.read.parquet(f"{out}/groups").collect():
        groups.setdefault(row.group, []).append(row.path)
    return pairs, {tuple(sorted(paths)) for paths in groups.values()}


_PAIR = ("first", "second", "verdict", "probability", "rung", "reason", "score", "hash_bits")


def main():
    """Compare, and say how long each took."""
    words = argparse.ArgumentParser()
    words.add_argument("--count", type=int, default=300)
    words.add_argument("--pictures", type=Path, help="a folder of photographs to make it of")
    words.add_argument("--master", default="local-cluster[2,1,2048]")
    asked = words.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="same-answer-"))
    session = start(asked.master)
    try:
        original = photographs(asked.pictures, asked.count) if asked.pictures else _scene
        compare(folder, asked.count, session, original)
    finally:
        stop(session)
        shutil.rmtree(folder)


def compare(folder, count, spark, original=_scene):
    """All three ways over one album; fails where any two differ."""
    from lookalike.spark import duplicates, index

    album, table = folder / "album", str(folder / "table")
    make_album(album, count, original)

    def timed(what, work):
        began = time.monotonic()
        result = work()
        sys.stdout.write(f"{what}: {time.monotonic() - began:.1f} s\n")
        return result

    timed("one process", lambda: lookalike.index(album, index=folder / "one"))
    for number in range(1, 5):
        lookalike.index(album, index=folder / "four", shard=f"{number}/4")
    timed("merge of four shares", lambda: lookalike.merge(album, index=folder / "four"))
    timed("Spark", lambda: index(spark, str(album), table))
    one = contents(folder / "one")
    assert contents(folder / "four") == one == spark_contents(spark, table)
    near = neighbours(folder / "one")
    assert neighbours(folder / "four") == near
    assert spark_neighbours(spark, table, str(folder / "matches")) == near
    found = timed("copies, one process", lambda: copies(album, folder / "one"))
    assert copies(album, folder / "four") == found
    out = str(folder / "out")
    timed("copies, Spark", lambda: duplicates(spark, table, out, least_probability=0.5))
    assert spark_copies(spark, out) == found
    pictures, pairs, groups = len(one[0]), len(found[0]), len(found[1])
    sys.stdout.write(f"the same: {pictures:,} pictures, {pairs:,} pairs, {groups:,} groups\n")


if __name__ == "__main__":
    main()
