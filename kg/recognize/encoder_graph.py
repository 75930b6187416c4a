"""Writes the encoder as an ONNX graph, which :mod:`kg.recognize.network` reads; needs the group ``train``.

ONNX operator set 17: one ``Gather`` a field, two bidirectional ``GRU`` with the reset gate behind the recurrent product
(``linear_before_reset``), one product for the scores. Weights are kept in half precision and computed in single.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from onnx import NodeProto

    Arrays = Mapping[str, NDArray[np.float32]]

OPSET = 17
VERSION = 8  # of the file format; what onnxruntime has read since 2022


def write(path: Path, labels: Sequence[str], keys: Mapping[str, Sequence[str]], arrays: Arrays) -> None:
    """Write the encoder of `labels`, given the known values of each field and its arrays of numbers.

    ``table.FIELD`` (values + 1, width), the first row for unknown ones; for each of two layers ``layer1.input``
    (2, 3 · units, inputs), ``.state`` (2, 3 · units, units), ``.bias`` (2, 6 · units) as the operator GRU has them;
    ``out.weight`` (4 · units, labels), ``out.bias``; ``chain.begin``, ``chain.next`` (from, to), ``chain.end``.
    """
    nodes = [cast(name, array) for name, array in arrays.items() if not name.startswith("chain.")]
    held = [
        numpy_helper.from_array(np.ascontiguousarray(array, np.float16), f"half.{name}")
        for name, array in arrays.items()
        if not name.startswith("chain.")
    ]
    nodes += [helper.make_node("Gather", [f"table.{name}", name], [f"input.{name}"]) for name in keys]
    nodes.append(helper.make_node("Concat", [f"input.{name}" for name in keys], ["output0"], axis=-1))
    units = arrays["layer1.state"].shape[-1]
    for at in (1, 2):
        nodes += layer(at, units)
    held.append(numpy_helper.from_array(np.array([0, 0, -1], np.int64), "joined"))
    nodes += [
        helper.make_node("Concat", ["output1", "output2"], ["both"], axis=-1),
        helper.make_node("MatMul", ["both", "out.weight"], ["product"]),
        helper.make_node("Add", ["product", "out.bias"], ["scores"]),
    ]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT32, ["steps", "sentences"]) for name in keys]
    inputs.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, ["sentences"]))
    shape = ["steps", "sentences", len(labels)]
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, shape)
    model = helper.make_model(
        helper.make_graph(nodes, "encoder", inputs, [scores], held),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=VERSION,
    )
    chain = {name: arrays[f"chain.{name}"].astype(float).round(4).tolist() for name in ("begin", "next", "end")}
    facts = {"labels": list(labels), "keys": {name: list(values) for name, values in keys.items()}, "chain": chain}
    helper.set_model_props(model, {name: json.dumps(fact, ensure_ascii=False) for name, fact in facts.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    save(model, str(path))


def cast(name: str, array: NDArray[np.float32]) -> NodeProto:
    """Single precision of the array ``half.{name}``; :class:`ValueError` where it is too large for half of it."""
    if not np.isfinite(array.astype(np.float16)).all():
        msg = f"{name} holds numbers beyond half precision"
        raise ValueError(msg)
    return helper.make_node("Cast", [f"half.{name}"], [name], to=TensorProto.FLOAT)


def layer(at: int, units: int) -> list[NodeProto]:
    """A bidirectional layer over ``output{at-1}``, giving ``output{at}`` of (steps, sentences, 2 · units)."""
    weights = [f"layer{at}.input", f"layer{at}.state", f"layer{at}.bias"]
    return [
        helper.make_node(
            "GRU", [f"output{at - 1}", *weights, "lengths"], [f"apart{at}"],
            hidden_size=units, direction="bidirectional", linear_before_reset=1,
        ),
        helper.make_node("Transpose", [f"apart{at}"], [f"beside{at}"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", [f"beside{at}", "joined"], [f"output{at}"]),
    ]  # fmt: skip
