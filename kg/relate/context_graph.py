"""Writes the network of :mod:`kg.relate.context` as an ONNX graph; needs the group ``train``.

One graph has three outputs, each computed from inputs of its own: ``read`` from the characters of blocks, ``choices``
and ``relations`` from what was read. Weights are kept in half precision and computed in single.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

from kg.recognize.encoder_graph import OPSET, VERSION, cast, layer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from onnx import NodeProto

    Keys = Mapping[str, Sequence[str]]

_PARTS = 3  # stretches of text beside two mentions


def write(
    path: Path, keys: Mapping[str, Keys], relations: Sequence[str], arrays: Mapping[str, NDArray[np.float32]]
) -> None:
    """Write the network, given the known values of all that it is told and its arrays of numbers.

    `keys` holds ``keys`` (fields of a character), ``traits`` (of an option) and ``pairs``; a field's table is
    ``KIND.FIELD`` (values + 1, width). ``layer1`` and ``layer2`` are as in :mod:`kg.recognize.encoder_graph`; ``state``
    and ``around`` (4 · units, size) with ``.bias``; ``nowhere`` (1, size); ``choose1``, ``choose2``, ``relate1``,
    ``relate2`` with ``.bias``, the layers on top.
    """
    size = arrays["nowhere"].shape[-1]
    nodes = [cast(name, array) for name, array in arrays.items()]
    held = [numpy_helper.from_array(np.ascontiguousarray(a, np.float16), f"half.{n}") for n, a in arrays.items()]
    held += [
        numpy_helper.from_array(np.array(shape, np.int64), name)
        for name, shape in {"joined": [0, 0, -1], "two": [-1, 2 * size], "four": [-1, 4 * size]}.items()
    ]
    nodes += [*_reading(keys["keys"], arrays["layer1.state"].shape[-1])]
    nodes.append(helper.make_node("Concat", ["nowhere", "states"], ["rows"], axis=0))
    nodes += [*_row("number", "two"), *_row("option", "two"), *_told("traits", keys["traits"])]
    nodes += _on_top("choose", ["at.number", "at.option", "told.traits"], "choices")
    nodes += [*_row("members", "four"), *_told("pairs", keys["pairs"])]
    nodes += _on_top("relate", ["at.members", "beside", "told.pairs"], "relations")
    outputs = {
        "read": ["steps", "blocks", 2 * size],
        "choices": ["options", 1],
        "relations": ["pairs", len(relations)],
    }
    graph = helper.make_graph(
        nodes, "context", [*_inputs(keys, size)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()], held,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=VERSION)
    facts = {kind: {name: list(values) for name, values in known.items()} for kind, known in keys.items()}
    told = {**facts, "relations": list(relations)}
    helper.set_model_props(model, {name: json.dumps(fact, ensure_ascii=False) for name, fact in told.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    save(model, str(path))


def _inputs(keys: Mapping[str, Keys], size: int) -> list[object]:
    """What each output is computed from."""
    shapes: dict[str, tuple[int, list[str | int]]] = {
        "lengths": (TensorProto.INT32, ["blocks"]),
        "states": (TensorProto.FLOAT, ["characters", size]),
        "number": (TensorProto.INT32, ["options", 2]),
        "option": (TensorProto.INT32, ["options", 2]),
        "members": (TensorProto.INT32, ["pairs", 4]),
        "beside": (TensorProto.FLOAT, ["pairs", _PARTS * size]),
    }
    shapes |= {name: (TensorProto.INT32, ["steps", "blocks"]) for name in keys["keys"]}
    shapes |= {f"traits.{name}": (TensorProto.INT32, ["options"]) for name in keys["traits"]}
    shapes |= {f"pairs.{name}": (TensorProto.INT32, ["pairs"]) for name in keys["pairs"]}
    return [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in shapes.items()]


def _reading(fields: Keys, units: int) -> list[NodeProto]:
    """``read``: the state of each character (tanh), and what it gives to those around it (rectified)."""
    return [
        *(helper.make_node("Gather", [f"keys.{name}", name], [f"input.{name}"]) for name in fields),
        helper.make_node("Concat", [f"input.{name}" for name in fields], ["output0"], axis=-1),
        *layer(1, units),
        *layer(2, units),
        helper.make_node("Concat", ["output1", "output2"], ["both"], axis=-1),
        *_linear("both", "state"),
        helper.make_node("Tanh", ["state.sum"], ["state.out"]),
        *_linear("both", "around"),
        helper.make_node("Relu", ["around.sum"], ["around.out"]),
        helper.make_node("Concat", ["state.out", "around.out"], ["read"], axis=-1),
    ]


def _row(name: str, shape: str) -> list[NodeProto]:
    """The states at the rows `name`, side by side."""
    return [
        helper.make_node("Gather", ["rows", name], [f"each.{name}"]),
        helper.make_node("Reshape", [f"each.{name}", shape], [f"at.{name}"]),
    ]


def _told(kind: str, fields: Keys) -> list[NodeProto]:
    """The vectors of what is told, side by side."""
    found = [f"found.{kind}.{name}" for name in fields]
    return [
        *(helper.make_node("Gather", [f"{kind}.table.{n}", f"{kind}.{n}"], [f"found.{kind}.{n}"]) for n in fields),
        helper.make_node("Concat", found, [f"told.{kind}"], axis=-1),
    ]


def _on_top(name: str, inputs: list[str], output: str) -> list[NodeProto]:
    """A layer of rectified units over `inputs`, and the scores."""
    return [
        helper.make_node("Concat", inputs, [f"{name}.in"], axis=-1),
        *_linear(f"{name}.in", f"{name}1"),
        helper.make_node("Relu", [f"{name}1.sum"], [f"{name}.hidden"]),
        helper.make_node("MatMul", [f"{name}.hidden", f"{name}2"], [f"{name}2.product"]),
        helper.make_node("Add", [f"{name}2.product", f"{name}2.bias"], [output]),
    ]


def _linear(given: str, name: str) -> list[NodeProto]:
    return [
        helper.make_node("MatMul", [given, name], [f"{name}.product"]),
        helper.make_node("Add", [f"{name}.product", f"{name}.bias"], [f"{name}.sum"]),
    ]
