"""Small ONNX networks for the tests, made by the onnx package."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FLOAT, HALF = TensorProto.FLOAT, TensorProto.FLOAT16


def network(
    *,
    side: int = 32,
    d: int = 16,
    batch: int | str = "N",
    seed: int = 0,
    half_weights: bool = False,
    half_all: bool = False,
    scale: float = 1.0,
) -> bytes:
    """Three convolutions, a mean over the map and a projection to d, with random weights."""
    chance = np.random.default_rng(seed)
    kind = HALF if half_all else FLOAT
    nodes, weights = [], []

    def add(name, values):
        if half_weights or half_all:
            stored = name if half_all else f"{name}_half"
            weights.append(numpy_helper.from_array(values.astype(np.float16), stored))
            if not half_all:
                nodes.append(helper.make_node("Cast", [stored], [name], to=FLOAT))
        else:
            weights.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    flow, channels = "picture", 3
    for step, wide in enumerate((8, 16, 32)):
        deviation = np.sqrt(2 / (channels * 9))
        kernel = add(f"k{step}", chance.normal(0, deviation, (wide, channels, 3, 3)))
        bias = add(f"b{step}", chance.normal(0, 0.1, wide))
        nodes.append(
            helper.make_node(
                "Conv", [flow, kernel, bias], [f"c{step}"], strides=[2, 2], pads=[1, 1, 1, 1]
            )
        )
        nodes.append(helper.make_node("Relu", [f"c{step}"], [f"r{step}"]))
        flow, channels = f"r{step}", wide
    nodes.append(helper.make_node("GlobalAveragePool", [flow], ["mean"]))
    nodes.append(helper.make_node("Flatten", ["mean"], ["flat"]))
    projection = add("projection", chance.normal(0, 1, (channels, d)) * scale)
    nodes.append(helper.make_node("MatMul", ["flat", projection], ["vector"]))
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("picture", kind, [batch, 3, side, side])],
        [helper.make_tensor_value_info("vector", kind, [batch, d])],
        weights,
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()


def pictures(count: int, seed: int = 0) -> list[np.ndarray]:
    """Smooth colourful pictures of different sizes, with some texture."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        height, width = (int(side) for side in chance.integers(20, 120, 2))
        y, x = np.mgrid[0:height, 0:width] / 20
        waves = [
            np.sin(x * fx + y * fy + phase)
            for fx, fy, phase in chance.uniform(-2, 2, (3, 3)).tolist()
        ]
        noise = chance.normal(0, 10, (height, width, 3))
        bright = np.stack(waves, axis=-1) * chance.uniform(20, 100, 3) + chance.uniform(60, 190, 3)
        made.append((bright + noise).clip(0, 255).astype(np.uint8))
    return made
