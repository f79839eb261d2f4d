"""A training learns, can be broken off anywhere, and leaves everything else as it was."""

import csv
import logging
import signal

import numpy as np
import pytest
import torch
from tiny_runs import DATA, RECIPE, STEPS, BrokenOff, Run, changed, material, same_weights, told

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.recipe import LossPart
from lookalike.training import callbacks
from lookalike.training.restored import begun, restored_run

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(autouse=True)
def every_step_told(monkeypatch):
    """So that a run can be broken off at any step."""
    monkeypatch.setattr(callbacks, "_TELL_EVERY_SECONDS", -1.0)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, one_thread):
    return Run(RECIPE, tmp_path_factory.mktemp("undisturbed") / "run").go()


def test_it_learns(undisturbed):
    assert undisturbed.epochs[-1].loss < 0.8 * undisturbed.epochs[0].loss
    assert max(epoch.measure for epoch in undisturbed.epochs) > 0.8  # at random 0.2
    assert [epoch.number for epoch in undisturbed.epochs] == [1, 2, 3, 4]


def test_the_same_twice(undisturbed, tmp_path):
    again = Run(RECIPE, tmp_path / "run").go()
    assert told(again) == told(undisturbed)
    assert same_weights(again, undisturbed)


def test_another_seed_trains_otherwise(undisturbed, tmp_path):
    other = Run(changed(fit={"seed": 1}), tmp_path / "run").go()
    assert told(other) != told(undisturbed)


VARIANTS = {
    "plain": {},
    "sgd, average and clipping": {"fit": {"optimiser": "sgd", "ema": 0.9, "clip": 0.1}},
    "dropout": {"head": {"kind": "mlp", "widths": [16, 8], "dropout": 0.5}},
    "memory": {"loss": {"name": "supcon", "memory": 32}, "fit": {"ema": 0.9}},
    "random mining": {"loss": {"mining": "random"}},
    "class directions": {"loss": {"name": "arcface"}, "fit": {"patience": 3}},
    "half precision": {"fit": {"precision": "bf16"}},
    "small first": {"fit": {"sizes_px": [20, 28]}},
    "frozen": {"backbone": {"trained": "none"}, "fit": {"feature_views": 3}},
    "last stage": {"backbone": {"trained": "last 1"}},
    "no labels": {"batch": {"kind": "views", "pictures": 2}, "loss": {"name": "nt-xent"}},
    "workers": {"fit": {"workers": 2}},
}


@pytest.mark.parametrize("name", VARIANTS)
def test_who_goes_on_ends_as_if_never_broken_off(name, tmp_path):
    recipe = changed(**VARIANTS[name])
    measure = None if recipe.batch.kind == "views" else Run.measure
    whole = Run(recipe, tmp_path / "whole", measure=measure)
    broken = Run(recipe, tmp_path / "broken", measure=measure)
    wanted = whole.go()
    for stop in (STEPS + 1, 2 * STEPS + 1):  # in the second pass, then in the third
        with pytest.raises(BrokenOff):
            broken.go(stop=stop)
    found = broken.go()
    assert told(found) == told(wanted)
    assert found.best_epoch == wanted.best_epoch
    assert same_weights(found, wanted)
    assert _logged(tmp_path / "whole") == _logged(tmp_path / "broken")


def _logged(folder):
    with (folder / "epochs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [{key: row[key] for key in row if key != "seconds"} for row in rows]


def test_workers_change_nothing(undisturbed, tmp_path):
    with_workers = Run(changed(fit={"workers": 2}), tmp_path / "run").go()
    assert told(with_workers) == told(undisturbed)
    assert same_weights(with_workers, undisturbed)


def test_a_finished_run_is_not_trained_again(tmp_path):
    run = Run(RECIPE, tmp_path / "run")
    first = run.go()
    passes = []
    again = run.go(on_epoch=passes.append)
    assert not passes
    assert again.epochs == first.epochs
    assert again.best_epoch == first.best_epoch
    assert same_weights(again, first)


def test_beginning_anew_forgets_the_run(tmp_path):
    run = Run(RECIPE, tmp_path / "run")
    run.go()
    passes = []
    run.go(resume=False, on_epoch=passes.append)
    assert len(passes) == RECIPE.fit.epochs


def test_a_folder_of_another_run_is_refused(tmp_path):
    run = Run(RECIPE, tmp_path / "run")
    with pytest.raises(BrokenOff):
        run.go(stop=STEPS + 1)
    with pytest.raises(InputError, match="another recipe") as caught:
        Run(changed(fit={"lr": 1e-4}), run.folder).go()
    assert "--fresh" in caught.value.mend
    fewer = material(DATA.take(np.arange(len(DATA) - 1)))
    with pytest.raises(InputError, match="another set of pictures"):
        Run(RECIPE, run.folder, fewer).go()
    assert run.go().epochs  # and is not harmed by that


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("all of it")
    with pytest.raises(InputError, match="no run folder"):
        Run(RECIPE, tmp_path).go(resume=False)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_recipe_lies_in_the_folder(tmp_path):
    Run(RECIPE, tmp_path / "run").go()
    assert (tmp_path / "run" / "recipe.toml").read_text(encoding="utf-8") == RECIPE.to_toml()
    assert list((tmp_path / "run" / "tensorboard").glob("events*"))


def test_the_best_pass_is_kept(tmp_path):
    seen = []

    def measure(embeddings, rows):
        seen.append(embeddings)
        return [0.1, 0.9, 0.3, 0.9][len(seen) - 1]

    result = Run(RECIPE, tmp_path / "run", measure=measure).go()
    assert result.best_epoch == 2
    assert _validation(result) == pytest.approx(seen[1], abs=1e-5)
    assert _validation(result) != pytest.approx(seen[3], abs=1e-3)


def _validation(result):
    """Embeddings of the validation part, as the result gives them."""
    given = material()
    pictures = np.stack([given.store.get(row) for row in given.validation_rows.tolist()])
    with torch.no_grad():
        return result.embedder(torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255).numpy()


def test_without_validation_the_last_pass_is_kept(tmp_path):
    train_only = material(DATA.take(DATA.rows("train")))
    result = Run(RECIPE, tmp_path / "run", train_only).go()
    assert result.best_epoch == RECIPE.fit.epochs
    assert [epoch.measure for epoch in result.epochs] == [None] * RECIPE.fit.epochs


def test_patience_ends_the_training_and_that_is_remembered(tmp_path):
    recipe = changed(fit={"patience": 1, "epochs": 6})
    run = Run(recipe, tmp_path / "run", measure=lambda embeddings, rows: 0.5)
    assert len(run.go().epochs) == 2
    assert len(run.go().epochs) == 2


def test_without_labels_the_loss_of_validation_decides(tmp_path):
    recipe = changed(batch={"kind": "views", "pictures": 2}, loss={"name": "nt-xent"})
    result = Run(recipe, tmp_path / "run", measure=None).go()
    measures = [epoch.measure for epoch in result.epochs]
    assert result.best_epoch == 1 + int(np.argmax(measures))
    assert all(measure < 0 for measure in measures)  # minus the loss


def test_no_pass_at_all_gives_the_network_as_it_starts(tmp_path):
    result = Run(changed(fit={"epochs": 0}), tmp_path / "run").go()
    assert result.epochs == () and result.best_epoch == 0
    assert not result.embedder.training


def test_chance_of_the_caller_goes_on_untouched(tmp_path):
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002
    wanted = torch.rand(3), np.random.rand(3)  # noqa: NPY002
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002
    Run(changed(fit={"epochs": 1}), tmp_path / "run").go()
    assert torch.equal(torch.rand(3), wanted[0])
    assert np.array_equal(np.random.rand(3), wanted[1])  # noqa: NPY002


def test_nothing_is_said(tmp_path, capfd):
    level = logging.getLogger("lightning.pytorch").level
    Run(changed(fit={"epochs": 1}), tmp_path / "run").go()
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("lightning.pytorch").level == level


def test_ctrl_c_is_a_keyboard_interrupt_and_works_the_next_time_too(tmp_path):
    run = Run(RECIPE, tmp_path / "run")
    before = signal.getsignal(signal.SIGINT)

    def press(epoch):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.go(on_epoch=press)
    assert signal.getsignal(signal.SIGINT) == before


def test_a_loss_that_is_no_number_is_told(tmp_path):
    with pytest.raises(RecipeError, match="no number any more in epoch 1") as caught:
        Run(changed(fit={"lr": 1e30, "optimiser": "sgd"}), tmp_path / "run").go()
    assert caught.value.where == "fit.lr"
    assert caught.value.mend


def test_nothing_to_train_is_told(tmp_path):
    recipe = changed(backbone={"trained": "none"}, head={"kind": "none", "widths": []})
    with pytest.raises(RecipeError, match="nothing to train"):
        Run(recipe, tmp_path / "run").go()


def test_nothing_to_train_on_is_told(tmp_path):
    none = material(DATA.take(DATA.rows("validation")))
    with pytest.raises(InputError, match="no picture to train on"):
        Run(RECIPE, tmp_path / "run", none).go()


def test_a_loss_that_cannot_work_is_refused_before_a_folder_is_made(tmp_path):
    recipe = changed(loss={"name": "distil"})
    with pytest.raises(RecipeError, match="teacher"):
        Run(recipe, tmp_path / "run").go()
    assert not (tmp_path / "run").exists()


def test_a_student_comes_near_its_teacher(tmp_path):
    teacher = np.eye(4, dtype=np.float32)[DATA.labels]
    recipe = RECIPE.changed({"teacher": {"models": ["some.onnx"]}, "fit": {"epochs": 6}})
    recipe = type(recipe)(
        **{
            **{name: getattr(recipe, name) for name in recipe.__slots__},
            "loss": (LossPart("distil"),),
        }
    )
    result = Run(recipe, tmp_path / "run", material(teacher=teacher), measure=None).go()
    assert result.epochs[-1].loss < 0.7 * result.epochs[0].loss
    found = _validation(result)
    labels = DATA.labels[DATA.rows("validation")]
    alike = labels[:, None] == labels[None]
    scores = found @ found.T
    assert scores[alike].mean() > scores[~alike].mean() + 0.3


def test_a_training_that_leaves_its_schedule_is_the_beginning_of_the_whole_one(
    undisturbed, tmp_path
):
    run = Run(changed(fit={"stop": 2}), tmp_path / "run")
    short = run.go()
    assert told(short) == told(undisturbed)[:2]
    assert told(run.go()) == told(short)  # it is finished


def test_a_training_goes_on_from_another_one(undisturbed, tmp_path):
    first = Run(changed(fit={"stop": 2}), tmp_path / "first").go()
    later = changed(backbone={"begin": str(tmp_path / "first")})
    assert all(
        torch.equal(one, other)
        for one, other in zip(
            begun(later).state_dict().values(), first.embedder.state_dict().values(), strict=True
        )
    )
    with pytest.raises(InputError, match="no finished epoch"):
        begun(changed(backbone={"begin": str(tmp_path / "gone")}))
    with pytest.raises(InputError, match="another network"):
        begun(changed(head={"widths": [9]}, backbone={"begin": str(tmp_path / "first")}))


def test_a_head_on_what_another_training_left_keeps_its_network(tmp_path):
    first = Run(changed(fit={"stop": 1}), tmp_path / "first").go()
    later = changed(backbone={"begin": str(tmp_path / "first"), "trained": "none"})
    Run(later, tmp_path / "later").go()
    _, found = restored_run(tmp_path / "later")
    for name, values in first.embedder.backbones.state_dict().items():
        assert torch.equal(found.backbones.state_dict()[name], values), name
    heads = zip(found.head.parameters(), first.embedder.head.parameters(), strict=True)
    assert not all(torch.equal(one, other) for one, other in heads)
