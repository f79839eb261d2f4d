"""Weights of backbones: where they lie, and how they get into a network."""

import inspect
import os
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from lookalike.nouns.errors import InputError, WrongModel

SUFFIXES = (".npz", ".safetensors", ".pt", ".pth")
DATA = "LOOKALIKE_DATA"
_WRAPPERS = ("state_dict", "model_state_dict", "model", "net")
_PREFIXES = ("module.", "_orig_mod.", "model.", "backbone.", "encoder.", "net.")
_NOT_WEIGHTS = (".num_batches_tracked",)
State = dict[str, Tensor]


def find_weights(names: tuple[str, ...], weights: str) -> Path | None:
    """The file that holds the weights asked for.

    Args:
        names: of the network; a file LOOKALIKE_DATA/weights/NAME.npz is looked for under each.
        weights: "none"; "hub" or "local" for a file named like the network; else a file, or the
            name of one in LOOKALIKE_DATA/weights, its suffix left out or not.

    Returns:
        None for "none", and for "hub" where no such file is there.

    Raises:
        InputError: a file was asked for and is not there.
    """
    if weights == "none":
        return None
    if weights in ("hub", "local"):
        found = next((path for name in names if (path := _in_data(name))), None)
        if found is None and weights == "local":
            raise _not_there(f"{names[0]}.npz")
        return found
    path = Path(weights).expanduser()
    if path.is_file():
        return path
    if path.name == weights and (found := _in_data(weights)):
        return found
    raise _not_there(weights)


def _in_data(name: str) -> Path | None:
    folder = os.environ.get(DATA)
    if not folder or name != Path(name).name:
        return None
    places = (Path(folder) / "weights" / f"{name}{suffix}" for suffix in ("", *SUFFIXES))
    return next((path for path in places if path.is_file()), None)


def _not_there(name: str) -> InputError:
    folder = os.environ.get(DATA)
    return InputError(
        f"There is no file of weights {name!r}",
        where="backbone.weights",
        mend=f"name a file, or one of {Path(folder) / 'weights'}"
        if folder
        else f"name a file, or set {DATA} to the folder that holds weights/{Path(name).name}",
    )


def read_state(path: Path) -> State:
    """The tensors of a file of weights, by name.

    Takes .npz, .safetensors, and what torch.save wrote, a plain state dict or one within a
    checkpoint. Nothing in the file is executed.

    Raises:
        InputError: the file cannot be opened.
        WrongModel: it is damaged, or holds no tensors.
    """
    try:
        if path.suffix == ".npz":
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                read: object = {name: torch.from_numpy(arrays[name]) for name in arrays}
        elif path.suffix == ".safetensors":
            from safetensors.torch import load

            read = load(path.read_bytes())
        else:
            read = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise WrongModel(
            "The file is damaged, or holds more than weights and could run code",
            where=str(path),
            mend="save the weights alone: torch.save(net.state_dict(), path)",
        ) from error
    except OSError as error:
        raise InputError(f"The weights cannot be read: {error}", where=str(path)) from error
    except Exception as error:  # three libraries' errors for a damaged file have no root in common
        raise WrongModel(
            f"The weights cannot be read: {error}", where=str(path), mend="copy the file again"
        ) from error
    return _unwrapped(read, path)


def _unwrapped(read: object, path: Path) -> State:
    if isinstance(read, Mapping):
        for wrapper in _WRAPPERS:
            if isinstance(read.get(wrapper), Mapping):
                return _unwrapped(read[wrapper], path)
        state = {str(name): value for name, value in read.items() if isinstance(value, Tensor)}
        if state:
            return _without_prefixes(state)
    raise WrongModel(
        "The file holds no weights by name",
        where=str(path),
        mend="save the weights: torch.save(net.state_dict(), path)",
    )


def _without_prefixes(state: State) -> State:
    """Names without what wrappers of a network put before all of them."""
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in state):
            return _without_prefixes({n.removeprefix(prefix): v for n, v in state.items()})
    return state


def load_weights(net: nn.Module, path: Path) -> None:
    """Puts the weights of a file into a network without a classifier.

    The classifier's weights are left out, and names of older layouts are turned into timm's where
    timm knows how.

    Raises:
        InputError: the file cannot be opened.
        WrongModel: the file is damaged, or its weights are not this network's.
    """
    state = read_state(path)
    fitting = _without_classifier(net, state)
    if problem := _problem(net, fitting):
        fitting = _without_classifier(net, _renamed(net, state))
        if _problem(net, fitting):
            raise WrongModel(
                f"The weights are not those of this network: {problem}",
                where=str(path),
                mend="name the architecture that the weights were made with",
            )
    wrong = [name for name, value in fitting.items() if not torch.isfinite(value).all()]
    if wrong:
        raise WrongModel(f"Weights are not finite: {_some(wrong)}", where=str(path))
    net.load_state_dict(fitting, strict=False)


def _without_classifier(net: nn.Module, state: State) -> State:
    """The tensors without those that only the network's last, classifying layer would take."""
    config = getattr(net, "pretrained_cfg", {})
    named = config.get("classifier") or getattr(net, "classifier", None)
    names = (named,) if isinstance(named, str) else tuple(named or ())
    own = net.state_dict().keys()
    prefixes = tuple(f"{name}." for name in names if isinstance(name, str))
    return {n: v for n, v in state.items() if n in own or not n.startswith(prefixes)}


def _renamed(net: nn.Module, state: State) -> State:
    """The tensors under timm's names and in its shapes, where timm has a rule for this family."""
    family = sys.modules[type(net).__module__]
    rule = getattr(family, "checkpoint_filter_fn", None) or getattr(family, "_filter_fn", None)
    if rule is None:
        return state
    # A family needs the network for its shapes, or only the names.
    given = (dict(state), net)[: len(inspect.signature(rule).parameters)]
    try:
        renamed: State = rule(*given)
    except (TypeError, KeyError, ValueError, RuntimeError, AttributeError, IndexError):
        return state  # the rule is for another layout
    return renamed


def _problem(net: nn.Module, state: State) -> str:
    """What does not fit, with counts and some names; empty where all does."""
    own = net.state_dict()
    groups = {
        "missing": [n for n in own if n not in state and not n.endswith(_NOT_WEIGHTS)],
        "not known": [n for n in state if n not in own],
        "of another shape": [n for n in state if n in own and own[n].shape != state[n].shape],
    }
    return "; ".join(
        f"{len(names)} {what} ({_some(names)})" for what, names in groups.items() if names
    )


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
