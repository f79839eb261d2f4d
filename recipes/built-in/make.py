"""Makes the encoder inside lookalike, from pictures to the file in the package.

    LOOKALIKE_DATA=FOLDER python recipes/built-in/make.py --work FOLDER [--quick]

FOLDER of LOOKALIKE_DATA is what `benchmarks/unpack.py` makes. Trains by recipe.toml on the pictures
that `benchmarks/quality/photo_split.py` gives for learning, stores the weights as float16, fits the
calibrations on pictures that it has not learned from, and writes the model with its card to
src/lookalike/encoders. Broken off, the same command goes on from the last finished pass.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.model_file import write_model
from lookalike.nouns.recipe import Recipe
from lookalike.verbs.export import export
from lookalike.verbs.recipes import load_recipe
from lookalike.verbs.train import train

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "benchmarks" / "quality"))

from encoder_curves import album, fitted
from photo_split import learned, write

MODEL = ROOT / "src" / "lookalike" / "encoders" / "built_in.onnx"
EDITED = 300
LICENCE = "Apache-2.0"
ORIGIN = """\
A compact network of our own, for copies and for likeness.

MobileNetV2 (Sandler et al. 2018, 1801.04381), first weights of torchvision by way of timm, learned
from ImageNet-1k. Taught by the recipe below on 4,058 photographs (ImageNet sample, clothing,
flowers, weather, groceries) and 3,000 small ones (Tiny ImageNet), without their labels: the first
half of the embedding to know a picture from its edited copies, the second half to agree with
MobileNetV2 and MobileNetEdgeTPU at 224 pixels. Limits: it has seen everyday photographs, hardly
drawings, scans or medical pictures; a cut to less than half is often missed; it knows no faces.
"""

TEACHERS = ("mobilenet_edgetpu_100", "mobilenetv2_100")


def main() -> None:
    """Everything that is not there yet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--work", type=Path, required=True, help="for the run and what it needs")
    parser.add_argument("--quick", action="store_true", help="a trial; its model is no good")
    options = parser.parse_args()
    work, data = options.work.resolve(), Path(os.environ["LOOKALIKE_DATA"]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    recipe = prepared(work, data)
    train(
        recipe,
        out=work / f"{recipe.name}.onnx",
        runs=work / ("quick" if options.quick else "run"),
        quick=options.quick,
        on_epoch=lambda epoch: print(epoch, flush=True),
    )
    if not options.quick:
        print(finished(work / "run", data, work / "half.onnx"))


def finished(run: Path, data: Path, draft: Path) -> Path:
    """The model in the package: small, calibrated, and with a card that tells what it is."""
    export(run, out=draft, half=True)
    raw = load_encoder(draft, provider="cpu")
    plain = replace(
        raw.card,
        name="built-in",
        licence=LICENCE,
        provenance=ORIGIN + "\n" + (HERE / "recipe.toml").read_text(encoding="utf-8"),
        calibrations=(),
        metrics={},
    )
    curves = fitted(album(data, 0, raw), data, EDITED)
    write_model(MODEL, draft, replace(plain, calibrations=curves))
    return MODEL


def prepared(work: Path, data: Path) -> Recipe:
    """The recipe with the pictures, first weights and teachers of this machine."""
    listed = work / "learned.csv"
    write(listed, data, learned(data))
    weights = data / "weights"
    teachers = []
    for name in TEACHERS:
        path = work / f"{name}.onnx"
        if not path.exists():
            export(weights / f"{name}.npz", architecture=name, out=path)
        teachers.append(str(path))
    return load_recipe(HERE / "recipe.toml").changed(
        {
            "data": {"source": str(listed)},
            "backbone": {"weights": [str(weights / "mobilenetv2_100.npz")]},
            "teacher": {"models": teachers},
        }
    )


if __name__ == "__main__":
    main()
