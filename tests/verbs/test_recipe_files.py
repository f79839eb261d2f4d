"""Recipes by name and by file, and what `--set` makes of the words of a command."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.recipe import Recipe
from lookalike.verbs.recipes import as_changes, load_recipe, recipe_names, recipe_text

NAMES = recipe_names()


@pytest.mark.parametrize("name", NAMES)
def test_each_recipe_is_named_like_its_file_and_explains_itself(name):
    recipe = load_recipe(name)
    assert recipe.name == name
    assert recipe.summary.endswith(".")
    assert recipe.quick, "--quick would be no quicker"
    assert recipe_text(name).startswith("# ")
    assert load_recipe(name, quick=True).name == f"{name}-quick"


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_by_file_is_the_recipe_by_name(name, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(recipe_text(name), encoding="utf-8")
    assert load_recipe(path) == load_recipe(str(path)) == load_recipe(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_recipe_that_a_run_keeps_is_the_same(name):
    recipe = load_recipe(name)
    assert Recipe.from_mapping(tomllib.loads(recipe.to_toml())) == recipe


def test_a_misspelt_name_is_told_the_nearest():
    with pytest.raises(InputError) as caught:
        load_recipe("mnist-triplet")
    assert caught.value.mend == "did you mean 'mnist-triplets'?"
    with pytest.raises(InputError) as caught:
        load_recipe("zzz")
    assert all(name in caught.value.mend for name in NAMES)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_recipe(tmp_path / "gone.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        load_recipe(tmp_path / "bad.toml")


def test_bad_toml_is_told_with_its_line(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text('name = "x"\n[fit\n', encoding="utf-8")
    with pytest.raises(RecipeError, match=r"no TOML: .*line 2") as caught:
        load_recipe(path)
    assert caught.value.where == str(path)


def test_flags_win_over_a_trial_and_a_trial_over_the_recipe():
    recipe = load_recipe("mnist-triplets", {"fit": {"epochs": 3}}, quick=True)
    assert recipe.fit.epochs == 3
    assert recipe.data.per_class == load_recipe("mnist-triplets").quickened().data.per_class
    assert load_recipe("mnist-triplets", {"fit": {"epochs": 3}}).data.per_class == 0


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fit.epochs=20", 20),
        ("fit.lr = 1e-3", 1e-3),
        ("fit.x=true", True),
        ("data.source=my photos/2024", "my photos/2024"),
        (r"data.source=C:\photos", r"C:\photos"),
        ("data.source=", ""),
        ("data.source=a=b", "a=b"),
        ('backbone.names=["a", "b"]', ["a", "b"]),
        ("backbone.names=a,b", "a,b"),
        ("judge.ways=5,20", [5, 20]),
        ("judge.ways=[5]", [5]),
        ("backbone.trained=last 2", "last 2"),
    ],
)
def test_a_setting_is_read_as_toml_or_else_as_text(setting, value):
    changes = as_changes([setting])
    ((part, keys),) = changes.items()
    ((key, found),) = keys.items()
    assert f"{part}.{key}" == setting.partition("=")[0].strip()
    assert found == value
    assert type(found) is type(value)


def test_several_settings_come_together_and_the_last_counts():
    changes = as_changes(["fit.epochs=1", "fit.lr=2.0", "data.seed=3", "fit.epochs=4"])
    assert changes == {"fit": {"epochs": 4, "lr": 2.0}, "data": {"seed": 3}}


@pytest.mark.parametrize("setting", ["", "fit", "fit.epochs", "epochs=3", ".x=1", "fit.=1", "=1"])
def test_a_setting_without_part_key_or_value_is_told_the_form(setting):
    with pytest.raises(RecipeError) as caught:
        as_changes([setting])
    assert caught.value.mend == "--set fit.epochs=3"


@given(st.text())
def test_no_setting_leaks_an_error_of_another_kind(text):
    try:
        load_recipe("mnist-triplets", as_changes([text]))
    except RecipeError:
        pass
    try:
        load_recipe("mnist-triplets", as_changes([f"fit.lr={text}"]))
    except RecipeError:
        pass


def test_names_of_an_ensemble_can_be_written_without_brackets():
    settings = ["backbone.names=vit_b_16, swin_t,convnext_small", "head.widths=2000,1000"]
    recipe = load_recipe("photos-nt-xent", as_changes([*settings, "judge.protocols="]))
    assert recipe.judge.protocols == ()
    assert recipe.backbone.names == ("vit_b_16", "swin_t", "convnext_small")
    assert recipe.head.widths == (2000, 1000)
