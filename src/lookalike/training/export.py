"""From a trained model to one ONNX graph, checked against the model itself."""

import copy
import io
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from timm.layers.conv2d_same import Conv2dSame
from torch import Tensor, nn

from lookalike.nouns.errors import WrongModel
from lookalike.training.embedder import Embedder

INPUT, OUTPUT, BATCH = "pictures", "embeddings", "N"
_OPSET = 17
_LARGEST_ERROR = 1e-3
_LARGEST_ERROR_HALF = 2e-2
_TIMES_ROUNDING = 4
_ERRORS_ONLY = 3
_HALF_MAX = 65504.0
_HALF_FROM = 64  # weights smaller than this stay whole: they save nothing


def export_onnx(
    embedder: Embedder,
    path: str | Path | None = None,
    *,
    half: bool = False,
    examples: Tensor | None = None,
) -> bytes:
    """The model as one ONNX graph, weights included.

    Input "pictures", (N, 3, size_px, size_px) float32 in [0, 1]; output "embeddings", (N, d)
    float32 of length 1. The model itself is left as it is.

    The graph is run by ONNX Runtime beside the model, on noise and on `examples`. No number may
    differ by more than 1e-3, or 2e-2 with half weights; only where the model's own rounding is
    as large (some untrained networks), four times that rounding is allowed.

    Args:
        embedder: to be exported.
        path: a file to write too.
        half: store weights as float16, which makes the file half as large; sums stay float32.
        examples: (b, 3, size_px, size_px) real pictures to check with, besides noise.

    Raises:
        WrongModel: the network cannot be exported, or the graph gives something else.
    """
    net = copy.deepcopy(embedder).cpu().float().eval()
    noise = torch.rand(3, 3, net.size_px, net.size_px, generator=torch.Generator().manual_seed(0))
    graph = _traced(copy.deepcopy(net), noise[:2])
    if half:
        graph = with_half_weights(graph)
    tried = [noise, noise[:1]] if examples is None else [noise, noise[:1], examples.cpu().float()]
    for pictures in tried:
        error = export_error(graph, net, pictures)
        allowed = _LARGEST_ERROR_HALF if half else _LARGEST_ERROR
        if not (error <= allowed or error <= _TIMES_ROUNDING * _rounding(net, pictures)):
            raise WrongModel(
                f"The exported network differs from the trained one by {error:.2g}",
                mend="export without half weights" if half else "choose another backbone",
            )
    if path is not None:
        Path(path).write_bytes(graph)
    return graph


def export_error(graph: bytes, embedder: Embedder, pictures: Tensor) -> float:
    """The largest difference in any number of the embeddings between a graph and its model.

    Args:
        graph: made by `export_onnx`.
        embedder: the model, on the processor and in evaluation mode.
        pictures: (b, 3, size_px, size_px) in [0, 1].
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    options.intra_op_num_threads = torch.get_num_threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    (given,) = session.run([OUTPUT], {INPUT: pictures.numpy()})
    with torch.no_grad():
        wanted = embedder(pictures).numpy()
    if given.shape != wanted.shape or not np.isfinite(given).all():
        return float("inf")
    return float(np.abs(given - wanted).max(initial=0.0))


def _rounding(net: Embedder, pictures: Tensor) -> float:
    """How far the model itself, in float32, is from what it gives in float64."""
    exact = copy.deepcopy(net).double()
    with torch.no_grad():
        return float((exact(pictures.double()) - net(pictures)).abs().max())


def with_half_weights(graph: bytes) -> bytes:
    """The same graph with its larger weights stored as float16.

    Each is cast to float32 before it is used, so every runtime computes as before.
    """
    model = onnx.load_model_from_string(graph)
    casts = []
    for weights in model.graph.initializer:
        values = numpy_helper.to_array(weights)
        large = values.dtype == np.float32 and values.size >= _HALF_FROM
        if not large or np.abs(values).max() > _HALF_MAX:
            continue
        name = weights.name
        weights.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    whole: bytes = model.SerializeToString(deterministic=True)
    return whole


def _traced(net: Embedder, pictures: Tensor) -> bytes:
    _fix_padding(net, pictures)
    buffer = io.BytesIO()
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # of tracing; what comes out is checked by numbers
            torch.onnx.export(
                net,
                (pictures,),
                buffer,  # type: ignore[arg-type]  # a path is declared, a buffer documented
                # The other exporter needs onnxscript as well.
                dynamo=False,
                opset_version=_OPSET,
                input_names=[INPUT],
                output_names=[OUTPUT],
                dynamic_axes={INPUT: {0: BATCH}, OUTPUT: {0: BATCH}},
            )
    except (RuntimeError, TypeError, ValueError) as error:
        raise WrongModel(
            f"The network cannot be exported: {str(error).partition(chr(10))[0]}",
            mend="choose another backbone",
        ) from error
    model = onnx.load_model_from_string(buffer.getvalue())
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = net.d
    graph: bytes = model.SerializeToString(deterministic=True)
    return graph


def _fix_padding(net: nn.Module, pictures: Tensor) -> None:
    """Turns padding that is worked out from each input's size into padding by a constant.

    The size never changes in a graph, and the sums would slow it down.
    """
    sizes: dict[str, tuple[int, int]] = {}

    def note(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def hook(module: nn.Module, taken: tuple[Tensor, ...]) -> None:
            sizes[name] = (int(taken[0].shape[2]), int(taken[0].shape[3]))

        return hook

    found = {n: m for n, m in net.named_modules() if isinstance(m, Conv2dSame)}
    handles = [module.register_forward_pre_hook(note(name)) for name, module in found.items()]
    with torch.no_grad():
        net(pictures[:1])
    for handle in handles:
        handle.remove()
    for name, (height, width) in sizes.items():
        parent, _, last = name.rpartition(".")
        setattr(net.get_submodule(parent), last, _padded(found[name], height, width))


def _padded(layer: Conv2dSame, height: int, width: int) -> nn.Sequential:
    """The same convolution for maps of one size."""
    pads = []
    for side, kernel, step, spread in (
        (width, layer.kernel_size[1], layer.stride[1], layer.dilation[1]),
        (height, layer.kernel_size[0], layer.stride[0], layer.dilation[0]),
    ):
        whole = max((-(-side // step) - 1) * step + (kernel - 1) * spread + 1 - side, 0)
        pads += [whole // 2, whole - whole // 2]
    plain = nn.Conv2d(
        layer.in_channels,
        layer.out_channels,
        (layer.kernel_size[0], layer.kernel_size[1]),
        (layer.stride[0], layer.stride[1]),
        dilation=(layer.dilation[0], layer.dilation[1]),
        groups=layer.groups,
        bias=layer.bias is not None,
    )
    plain.load_state_dict(layer.state_dict())
    return nn.Sequential(nn.ZeroPad2d((pads[0], pads[1], pads[2], pads[3])), plain)
