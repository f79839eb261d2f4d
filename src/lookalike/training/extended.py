"""More layers behind a network that is there as one ONNX graph."""

import math
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from lookalike.nouns.embeddings import Floats
from lookalike.nouns.errors import WrongModel
from lookalike.training.adapter import Layers

PREFIX = "adapted"
_LEAST_LENGTH = 1e-12
_AXES_ARE_INPUTS = 18


def with_layers(path: Path, layers: Layers) -> bytes:
    """The network with these layers behind its first output.

    Only operators that every version of ONNX since opset 8 has are added, so the graph keeps its
    opset. A network that was extended before can be extended again.

    Args:
        path: of an ONNX model with one vector a picture as its first output.
        layers: of that width.

    Returns:
        The graph; its only output is (N, d) float32 of length 1.

    Raises:
        WrongModel: the file is no ONNX model.
    """
    model = _opened(path)
    graph = model.graph
    prefix = _free_prefix(graph)
    given = graph.output[0]
    batch = given.type.tensor_type.shape.dim[0]
    d = layers.w1.shape[0]

    def keep(name: str, values: Floats) -> str:
        graph.initializer.append(numpy_helper.from_array(values, f"{prefix}.{name}"))
        return f"{prefix}.{name}"

    def node(kind: str, *inputs: str, to: str) -> str:
        made = f"{prefix}.{to}"
        graph.node.append(helper.make_node(kind, inputs, [made]))
        return made

    least = keep("least", np.array([_LEAST_LENGTH], np.float32))

    def of_length_1(name: str, to: str) -> str:
        length = _length_node(model, name, f"{prefix}.{to}.length")
        return node("Div", name, node("Max", length, least, to=f"{to}.floor"), to=to)

    floats = f"{prefix}.float"
    graph.node.append(helper.make_node("Cast", [given.name], [floats], to=TensorProto.FLOAT))
    x = of_length_1(floats, "unit")
    x = node("Mul", x, keep("root", np.array([math.sqrt(d)], np.float32)), to="scaled")
    inner = node("MatMul", x, keep("w1", layers.w1), to="inner")
    inner = node("Relu", node("Add", inner, keep("b1", layers.b1), to="shifted"), to="relu")
    more = node("MatMul", inner, keep("w2", layers.w2), to="more")
    # In the other order, x + (more + b2), OpenVINO 2026.4 ends the process on several threads.
    shifted = node("Add", x, keep("b2", layers.b2), to="shifted.x")
    out = of_length_1(node("Add", shifted, more, to="sum"), "out")
    shape: list[int | str] = [batch.dim_value or batch.dim_param or "N", d]
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(out, TensorProto.FLOAT, shape))
    del model.metadata_props[:]
    whole: bytes = model.SerializeToString(deterministic=True)
    return whole


def _length_node(model: onnx.ModelProto, name: str, to: str) -> str:
    """The length of each row; since opset 18 the axis is an input."""
    opset = max(one.version for one in model.opset_import if one.domain in ("", "ai.onnx"))
    if opset < _AXES_ARE_INPUTS:
        model.graph.node.append(helper.make_node("ReduceL2", [name], [to], axes=[1], keepdims=1))
        return to
    axis = numpy_helper.from_array(np.array([1], np.int64), f"{to}.axis")
    model.graph.initializer.append(axis)
    model.graph.node.append(helper.make_node("ReduceL2", [name, axis.name], [to], keepdims=1))
    return to


def _opened(path: Path) -> onnx.ModelProto:
    try:
        return onnx.load(str(path))
    except Exception as error:  # protobuf's errors have no root that onnx names
        raise WrongModel(f"The model cannot be read: {error}", where=str(path)) from error


def _free_prefix(graph: onnx.GraphProto) -> str:
    """The first of adapted0, adapted1, ... that no earlier extension has taken."""
    taken = {name for node in graph.node for name in node.output}
    names = (f"{PREFIX}{n}" for n in range(len(taken) + 1))
    return next(name for name in names if f"{name}.out" not in taken)
