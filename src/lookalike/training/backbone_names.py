"""The names under which backbones are asked for."""

import difflib

import timm

from lookalike.nouns.errors import RecipeError

OWN = (
    "resnet20",
    "resnet32",
    "resnet44",
    "resnet56",
    "conv4",
    "drawings_resnet",
    "mobilenetv1_025",
)
"""Networks that timm does not have by a name; all others are timm's."""

ALIASES = {
    "vit_b_16": "vit_base_patch16_224",
    "vit_b_32": "vit_base_patch32_224",
    "vit_l_16": "vit_large_patch16_224",
    "swin_t": "swin_tiny_patch4_window7_224",
    "swin_s": "swin_small_patch4_window7_224",
    "swin_b": "swin_base_patch4_window7_224",
    "efficientnet_v2_s": "tf_efficientnetv2_s",
    "efficientnet_v2_m": "tf_efficientnetv2_m",
    "efficientnet_v2_l": "tf_efficientnetv2_l",
    "mobilenet_v2": "mobilenetv2_100",
    "mobilenet_v3_small": "mobilenetv3_small_100",
    "mobilenet_v3_large": "mobilenetv3_large_100",
    "regnet": "regnety_032",
    "regnet_y_400mf": "regnety_004",
    "regnet_y_800mf": "regnety_008",
    "regnet_y_1_6gf": "regnety_016",
    "regnet_y_3_2gf": "regnety_032",
    "regnet_y_8gf": "regnety_080",
    "regnet_y_16gf": "regnety_160",
    "regnet_y_32gf": "regnety_320",
}
"""torchvision's names of networks that timm calls otherwise; the shared ones need no row."""


def resolve_name(name: str) -> str:
    """The name that the network is built under: one of OWN, or one of timm's.

    A tag after a dot ("resnet50.a1_in1k") chooses among the hub's weights, as timm has it.

    Raises:
        RecipeError: no network has this name; the nearest ones are told.
    """
    wanted = ALIASES.get(name, name)
    if wanted in OWN or timm.is_model(wanted.partition(".")[0]):
        return wanted
    known = [*OWN, *ALIASES, *timm.list_models()]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    raise RecipeError(
        f"No backbone is called {name!r}",
        where="backbone.names",
        mend=f"did you mean {' or '.join(near)}?" if near else "use one of timm's names",
    )
