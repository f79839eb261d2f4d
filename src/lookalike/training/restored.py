"""A trained network out of the folder of its run."""

import tomllib
from pathlib import Path

from lookalike.nouns.errors import InputError
from lookalike.nouns.recipe import Recipe
from lookalike.training.embedder import Embedder, build_embedder
from lookalike.training.posterior import posterior_of
from lookalike.training.run_folder import BEST, RECIPE, load_checkpoint

_PREFIX = "embedder."


def restored_run(folder: Path) -> tuple[Recipe, Embedder]:
    """The recipe of a run and its network with the weights of the best pass so far.

    Raises:
        InputError: the folder is not one of a run, or no pass of it is finished.
        RecipeError: the recipe is one of another version.
    """
    told, best = folder / RECIPE, folder / BEST
    if not told.is_file() or not best.is_file():
        raise InputError(
            "The folder holds no finished epoch of a training",
            where=str(folder),
            mend="name the folder that lookalike train was told with --runs",
        )
    recipe = Recipe.from_mapping(tomllib.loads(told.read_text(encoding="utf-8")))
    embedder = build_embedder(recipe)
    if embedder.frozen:  # its backbones are in no checkpoint of this run
        embedder = begun(recipe)
    take_over(embedder, recipe, best)
    return recipe, embedder


def begun(recipe: Recipe) -> Embedder:
    """The network of a recipe at its start: as built, or as another run has left it.

    Raises:
        InputError: there is no such run, or its network is another one.
        RecipeError: a name, a width or what to train is not valid.
        WrongModel: weights are damaged or another network's.
    """
    embedder = build_embedder(recipe)
    if recipe.backbone.begin:
        folder = Path(recipe.backbone.begin).expanduser()
        if not (folder / BEST).is_file():
            raise InputError(
                "The folder holds no finished epoch of a training",
                where=f"backbone.begin = {recipe.backbone.begin}",
                mend="name the folder that the other training was told with --runs",
            )
        take_over(embedder, recipe, folder / BEST)
        embedder.train()
    return embedder


def take_over(embedder: Embedder, recipe: Recipe, checkpoint: Path) -> None:
    """Gives an embedder the weights of a checkpoint, on the processor, in evaluation mode.

    Of an embedder whose backbones are frozen only the head is in there.

    Args:
        embedder: built by the recipe.
        recipe: of the training.
        checkpoint: of one of its passes.

    Raises:
        InputError: the file is no checkpoint, or one of another network.
    """
    stored = load_checkpoint(checkpoint)["state_dict"]
    own = {key[len(_PREFIX) :]: stored[key] for key in stored if key.startswith(_PREFIX)}
    embedder.answer_by(None)
    if embedder.frozen:
        own = {**embedder.state_dict(), **own}
    try:
        embedder.cpu().load_state_dict(own)
    except RuntimeError as error:
        raise InputError(
            "The checkpoint is one of another network, or of another version of lookalike",
            where=str(checkpoint),
            mend="train again in a new folder",
        ) from error
    embedder.answer_by(posterior_of(recipe, stored))
    embedder.eval()
