"""A killed `index` loses nothing that was committed, and ends where an undisturbed one does."""

from pathlib import Path

from kill_index import torture

KILLS = 10


def test_killed_ten_times(tmp_path: Path) -> None:
    outcome = torture(tmp_path, kills=KILLS, seed=7)
    assert outcome.kills == KILLS
    assert outcome.part_way and outcome.compared
