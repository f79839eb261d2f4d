"""The folder of a run: whole at any instant, and nobody else's."""

import os

import pytest
import torch
from tiny_runs import DATA, RECIPE, changed

from lookalike.nouns.errors import InputError
from lookalike.nouns.train_report import Epoch
from lookalike.training.run_folder import RunFolder, load_checkpoint


class Stopped(BaseException):
    """The machine stops here."""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "deep" / "run"


def opened(folder, recipe=RECIPE, data=DATA, *, resume=True):
    return RunFolder.open(folder, recipe, data, resume=resume)


def files(folder):
    return {path.name for path in folder.iterdir()}


def test_it_is_made_and_found_again(folder):
    opened(folder).remember("precision", "bf16")
    assert opened(folder).recall("precision") == "bf16"
    assert opened(folder).recall("nothing") is None
    assert opened(folder, resume=False).recall("precision") is None


@pytest.mark.parametrize("step", range(4))
def test_whenever_it_is_stopped_it_can_be_opened_again(step, folder, monkeypatch):
    """Stopped before the replacing of a file number `step`, while it is made."""
    replace = os.replace
    left = [step]

    def stop_before(source, target):
        if not left[0]:
            raise Stopped
        left[0] -= 1
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stop_before)
        try:
            opened(folder).remember("precision", "32")
        except Stopped:
            assert step < 3
    opened(folder).remember("precision", "32")
    assert opened(folder).recall("precision") == "32"


def save(number):
    return lambda path: torch.save({"number": number}, path)


@pytest.mark.parametrize("step", range(3))
def test_a_checkpoint_is_the_old_one_or_the_new_one(step, folder, monkeypatch):
    run = opened(folder)
    run.keep(save(1), better=True, writes_here=True)
    replace, left = os.replace, [step]

    def stop_before(source, target):
        if not left[0]:
            raise Stopped
        left[0] -= 1
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stop_before)
        try:
            run.keep(save(2), better=True, writes_here=True)
        except Stopped:
            pass
    last, best = (load_checkpoint(path)["number"] for path in (run.last, run.best))
    # The best comes first: who goes on from the last pass makes it once more.
    assert (last, best) == {0: (1, 1), 1: (1, 2), 2: (2, 2)}[step]


def test_a_worse_pass_is_only_the_last(folder):
    run = opened(folder)
    run.keep(save(1), better=True, writes_here=True)
    run.keep(save(2), better=False, writes_here=True)
    assert load_checkpoint(run.last)["number"] == 2
    assert load_checkpoint(run.best)["number"] == 1


def test_the_processes_that_do_not_write_leave_the_files_alone(folder):
    run = opened(folder)
    called = []
    run.keep(called.append, better=True, writes_here=False)
    assert called and run.last is None


def test_beginning_anew_takes_nothing_but_what_is_its_own(folder):
    run = opened(folder)
    run.keep(save(1), better=True, writes_here=True)
    run.write_log([Epoch(1, 0.5, 0.1, None, 1.0)])
    (folder / "notes.txt").write_text("mine")
    opened(folder, changed(fit={"epochs": 9}), resume=False)
    assert files(folder) == {"notes.txt", "recipe.toml", "run.json"}


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "run").write_text("something")
    with pytest.raises(InputError, match="no run folder"):
        opened(tmp_path / "run")


def test_the_log_is_a_table(folder):
    run = opened(folder)
    run.write_log([Epoch(1, 0.5, 0.1, None, 1.0), Epoch(2, 0.25, 0.0, 0.75, 2.0)])
    assert (folder / "epochs.csv").read_text() == (
        "number,loss,lr,measure,seconds\n1,0.5,0.1,,1.0\n2,0.25,0.0,0.75,2.0\n"
    )


class Evil:
    """Runs when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("evil",)


def test_a_checkpoint_runs_no_code(folder, monkeypatch):
    run = opened(folder)
    monkeypatch.chdir(folder)
    run.keep(lambda path: torch.save({"state": Evil()}, path), better=False, writes_here=True)
    with pytest.raises(InputError, match="cannot be read"):
        load_checkpoint(run.last)
    assert not (folder / "evil").exists()
