"""Whatever is done to the files, the index says what a plain dict says."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from made_pictures import check_whole, described, digest, open_writer

from lookalike.store import compaction
from lookalike.store.reader import IndexReader
from lookalike.store.writer import Batch

NAMES = st.sampled_from([f"{folder}{name}" for folder in ("", "a/", "a/é/") for name in "xyz"])
CONTENTS = st.integers(0, 7)


class IndexMachine(RuleBasedStateMachine):
    """Files come, change, move and go; `truth` maps each path to its content."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp()) / "index"
        self.truth: dict[str, int] = {}
        self.failed: set[str] = set()
        self.clock = 0
        self.before = compaction.MIN_DEAD
        compaction.MIN_DEAD = 0
        self.writer = open_writer(self.folder)

    def commit(self, found: dict[str, int]) -> None:
        self.clock += 1
        new = [n for n in found.values() if not self.writer.has(digest(n))]
        files = [(path, n, self.clock, digest(n)) for path, n in found.items()]
        self.writer.commit(Batch(pictures=[described(n) for n in new], files=files))
        self.truth |= found
        self.failed -= set(found)

    @rule(found=st.dictionaries(NAMES, CONTENTS, max_size=5))
    def add_change_or_duplicate(self, found: dict[str, int]) -> None:
        self.commit(found)

    @rule(name=NAMES)
    def fails(self, name: str) -> None:
        self.writer.commit(Batch(failures=[(name, 1, 1, "cut off")]))
        self.truth.pop(name, None)
        self.failed.add(name)

    @rule(names=st.lists(NAMES))
    def vanish(self, names: list[str]) -> None:
        self.writer.forget(names)
        for name in names:
            self.truth.pop(name, None)
            self.failed.discard(name)

    @rule(old=NAMES, new=NAMES, forget_first=st.booleans())
    def rename(self, old: str, new: str, forget_first: bool) -> None:
        if old == new or old not in self.truth:
            return
        number = self.truth[old]
        with IndexReader.open(self.folder) as reader:
            row = reader.find_path(old)
        if forget_first:
            self.vanish([old])
        assert self.writer.has(digest(number))  # nothing is described twice
        self.commit({new: number})
        if not forget_first:
            self.vanish([old])
        with IndexReader.open(self.folder) as reader:
            assert reader.find_path(new) == row
            assert reader.find_path(old) is None

    @rule()
    def compact(self) -> None:
        with IndexReader.open(self.folder) as reader:
            counts = reader.counts()
        due = counts.dead_rows > compaction.MIN_SHARE * (counts.pictures + counts.dead_rows)
        assert self.writer.compact() == due
        if due:
            with IndexReader.open(self.folder) as reader:
                assert len(reader.vectors()) == reader.n_pictures == counts.pictures

    @rule()
    def reopen(self) -> None:
        self.writer.close()
        self.writer = open_writer(self.folder)

    @invariant()
    def index_is_truth(self) -> None:
        assert check_whole(self.folder) == self.truth
        assert sorted(self.writer.stamps()) == sorted(set(self.truth) | self.failed)
        with IndexReader.open(self.folder) as reader:
            assert {failure.path.as_posix() for failure in reader.failures()} == self.failed
            numbers = list(self.truth.values())
            copied = {n for n in numbers if numbers.count(n) > 1}
            assert {int(entry.facts.camera) for entry in reader.exact_copies()} == copied
            for number in range(8):
                found = reader.find_digest(digest(number))
                assert (found is not None) == (number in numbers)

    def teardown(self) -> None:
        if hasattr(self, "writer"):
            self.writer.close()
            compaction.MIN_DEAD = self.before
            shutil.rmtree(self.folder.parent)


TestIndexMachine = IndexMachine.TestCase
TestIndexMachine.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
