"""Pictures a second of each encoder, on one and on two worker threads, in one interleaved run.

    python benchmarks/speed/encoders.py [--rounds 5]

The network has the size of MobileNetV3-Large (4-5 million weights, 224 pixels) with random
weights: speed does not depend on their values. Beside each figure stands how far its scores are
from those of ONNX Runtime in float32.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.encoders.model_file import write_model
from lookalike.nouns.card import ModelCard, Preprocessing
from lookalike.nouns.embeddings import Bytes

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

SIDE_PX, D, BATCH = 224, 256, 8
PEER = "ONNX Runtime float32"
# Expansion, channels, blocks and stride of each stage.
STAGES = (
    (1, 16, 1, 1),
    (4, 24, 2, 2),
    (4, 40, 3, 2),
    (6, 80, 4, 2),
    (6, 112, 2, 1),
    (6, 160, 3, 2),
)


class Drawing:
    """A graph that grows a layer at a time."""

    def __init__(self) -> None:
        self.nodes: list[object] = []
        self.weights: list[object] = []
        self.chance = np.random.default_rng(0)

    def weight(self, values: NDArray[np.float64]) -> str:
        """Stores values; their name."""
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def node(self, kind: str, *inputs: str, **attributes: object) -> str:
        """Adds an operation; the name of its output."""
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def convolution(
        self, flow: str, taken: int, given: int, side: int, *, stride: int = 1, group: int = 1
    ) -> str:
        """Adds a convolution with He's random weights and a small bias."""
        shape = given, taken // group, side, side
        kernel = self.chance.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape)
        return self.node(
            "Conv",
            flow,
            self.weight(kernel),
            self.weight(self.chance.normal(0, 0.1, given)),
            strides=[stride, stride],
            pads=[side // 2] * 4,
            group=group,
        )


def mobile_network() -> bytes:
    """Inverted bottlenecks (Sandler et al. 2018, arXiv:1801.04381) and a projection to D."""
    draw = Drawing()
    flow = draw.node("HardSwish", draw.convolution("picture", 3, 16, 3, stride=2))
    channels = 16
    for expansion, given, blocks, first_stride in STAGES:
        for block in range(blocks):
            stride, wide = (1 if block else first_stride), channels * expansion
            inner = draw.node("HardSwish", draw.convolution(flow, channels, wide, 1))
            inner = draw.convolution(inner, wide, wide, 3, stride=stride, group=wide)
            inner = draw.convolution(draw.node("HardSwish", inner), wide, given, 1)
            same = stride == 1 and channels == given
            flow, channels = (draw.node("Add", flow, inner) if same else inner), given
    flow = draw.node("HardSwish", draw.convolution(flow, channels, 960, 1))
    flow = draw.node("Flatten", draw.node("GlobalAveragePool", flow))
    flow = draw.node("MatMul", flow, draw.weight(draw.chance.normal(0, 0.03, (960, D))))
    taken = helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["N", 3, SIDE_PX, SIDE_PX])
    given_out = helper.make_tensor_value_info(flow, TensorProto.FLOAT, ["N", D])
    graph = helper.make_graph(draw.nodes, "mobile", [taken], [given_out], draw.weights)
    opset = [helper.make_opsetid("", 17)]
    return bytes(helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())


def pictures(count: int) -> list[Bytes]:
    """Smooth pictures of 320 x 240, as a scaled decode gives them."""
    chance = np.random.default_rng(0)
    small = chance.integers(0, 256, (count, 12, 16, 3), dtype=np.uint8)
    return [np.asarray(Image.fromarray(one).resize((320, 240))) for one in small]


def rate(encoder: Encoder, given: list[Bytes], threads: int) -> float:
    """Pictures a second when each of the threads encodes all of them in batches of BATCH."""
    parts = [given[i : i + BATCH] for i in range(0, len(given), BATCH)] * threads
    with ThreadPoolExecutor(threads) as pool:
        start = perf_counter()
        for _ in pool.map(encoder.encode, parts):
            pass
        return len(given) * threads / (perf_counter() - start)


def contestants(folder: Path) -> dict[str, Encoder]:
    """Every encoder that is installed here; the network's file is written to the folder."""
    path = folder / "mobile.onnx"
    write_model(path, mobile_network(), ModelCard("mobile", D, Preprocessing(SIDE_PX, SIDE_PX)))
    found = {"classic": load_encoder("classic"), PEER: load_encoder(path, provider="onnxruntime")}
    if find_spec("openvino"):
        found["OpenVINO"] = load_encoder(path, provider="openvino", threads=2)
    return found


def measured(encoders: dict[str, Encoder], rounds: int) -> list[dict[str, object]]:
    """One row for each encoder and number of threads, all taking turns in every round."""
    given = pictures(48)
    truth = encoders[PEER].encode(given)
    turns = [(name, threads) for name in encoders for threads in (1, 2)]
    rates: dict[tuple[str, int], list[float]] = {turn: [] for turn in turns}
    for name, threads in turns * rounds:
        rates[name, threads].append(rate(encoders[name], given, threads))
    rows: list[dict[str, object]] = []
    for (name, threads), seen in rates.items():
        vectors = encoders[name].encode(given)
        gap = np.abs(vectors @ vectors.T - truth @ truth.T).max()
        rows.append(
            {
                "name": f"{name}, {threads} thread{'s' * (threads > 1)}",
                "value": round(median(seen), 1),
                "unit": "pictures/s",
                "ratio": round(median(seen) / median(rates[PEER, threads]), 2),
                "spread": f"{min(seen):.1f} {max(seen):.1f}",
                "score_gap": "" if name == "classic" else f"{gap:.1e}",
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(contestants(Path(folder)), options.rounds)
    for row in rows:
        print(*row.values(), sep="  ")
    print(write_csv("encoders", rows))


if __name__ == "__main__":
    main()
