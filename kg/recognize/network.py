"""The encoder: a two-layer bidirectional GRU over the characters of sentences, computed with numpy.

Gated recurrent units are those of Cho et al. 2014 with the reset gate behind the recurrent product (as in cuDNN);
the linear-chain layer on top is that of Lafferty et al. 2001. :mod:`kg.recognize.train` writes the file it reads.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from threadpoolctl import ThreadpoolController

from kg.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_BATCH = 64  # sentences computed side by side
_FLOOR = 1e-30  # keeps logarithms finite


class Network:
    """A trained encoder; `path` is an ``.npz`` file of named arrays.

    A sentence is a list of rows, one per character, of as many strings as the network has `fields`. Numbers are
    32-bit, so the last digits of a probability depend on the processor: round them before they are written.
    """

    def __init__(self, path: Path) -> None:
        try:
            with np.load(path, allow_pickle=False) as arrays:
                self._take({name: arrays[name] for name in arrays.files})
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            msg = f"{path}: not an encoder ({error}); python -m kg.recognize.train_encoder writes one"
            raise DomainError(msg) from error

    def _take(self, held: dict[str, NDArray[Any]]) -> None:
        self.labels: tuple[str, ...] = tuple(map(str, held["labels"]))
        self.fields: tuple[str, ...] = tuple(map(str, held["fields"]))
        self._ids = [{str(key): at for at, key in enumerate(held[f"keys.{name}"], 1)} for name in self.fields]
        self._tables = [held[f"table.{name}"].astype(np.float32) for name in self.fields]
        self._layers = [_Layer(held, at) for at in (1, 2)]
        self._weight = held["out.weight"].astype(np.float32)
        self._bias = held["out.bias"].astype(np.float32)
        self._threads = ThreadpoolController()
        self._chain = _Chain(*(held[f"chain.{name}"].astype(np.float64) for name in ("begin", "next", "end")))

    def __call__(self, sentences: Sequence[Sequence[Sequence[str]]]) -> list[NDArray[np.float64]]:
        """For each sentence an array of shape (characters, labels): how probable each label is."""
        order = sorted((at for at, rows in enumerate(sentences) if rows), key=lambda at: (-len(sentences[at]), at))
        found = [np.empty((0, len(self.labels)))] * len(sentences)
        for first in range(0, len(order), _BATCH):
            chosen = order[first : first + _BATCH]
            packing = _Packing(np.array([len(sentences[at]) for at in chosen]))
            # One thread: products this small gain nothing from more, and sums do not depend on the number of cores.
            with self._threads.limit(limits=1, user_api="blas"):
                shares = self._chain(self._scores([sentences[at] for at in chosen], packing), packing)
            for column, at in enumerate(chosen):
                found[at] = shares[packing.rows[: len(sentences[at]), column]]
        return found

    def _scores(self, batch: Sequence[Sequence[Sequence[str]]], packing: _Packing) -> Array:
        """The score of each label for each packed character."""
        ids = np.empty((len(self.fields), packing.size), np.int32)
        for column, rows in enumerate(batch):
            at = packing.rows[: len(rows), column]
            for field, (known, values) in enumerate(zip(self._ids, zip(*rows, strict=True), strict=True)):
                ids[field, at] = [known.get(value, 0) for value in values]
        inputs = np.concatenate([table[at] for table, at in zip(self._tables, ids, strict=True)], axis=-1)
        first = self._layers[0](inputs, packing)
        second = self._layers[1](first, packing)
        scores: Array = np.concatenate([first, second], axis=-1) @ self._weight + self._bias
        return scores


class _Packing:
    """Sentences side by side, the longest first, without gaps: all first characters, then all second ones."""

    def __init__(self, lengths: NDArray[np.int64]) -> None:
        steps = np.arange(lengths[0])[:, None]
        counts = (lengths > steps).sum(axis=1)
        begins = np.concatenate([[0], np.cumsum(counts)])
        self.size = int(begins[-1])
        self.steps = [slice(int(a), int(b)) for a, b in pairwise(begins)]  # the rows of each step
        self.rows = begins[:-1, None] + np.arange(len(lengths))  # the row of a step of a sentence, where it has one
        self.last = self.rows[lengths - 1, np.arange(len(lengths))]
        mirrored = self.rows[np.maximum(lengths - 1 - steps, 0), np.arange(len(lengths))]
        self.mirror = mirrored[lengths > steps]  # the row as far from a sentence's end as each row from its beginning


class _Layer:
    """One bidirectional layer; both directions are computed at once."""

    def __init__(self, held: dict[str, NDArray[Any]], at: int) -> None:
        self._input = held[f"layer{at}.input"].astype(np.float32)  # (inputs, 2 · 3 · units): reset, update, new
        self._input_bias = held[f"layer{at}.input_bias"].astype(np.float32)
        self._state = held[f"layer{at}.state"].astype(np.float32)  # (2, units, 3 · units)
        self._state_bias = held[f"layer{at}.state_bias"].astype(np.float32)[:, None]
        self._units = self._state.shape[1]

    def __call__(self, inputs: Array, packing: _Packing) -> Array:
        """Outputs of shape (packed characters, 2 · units)."""
        units = self._units
        projected = inputs @ self._input + self._input_bias
        given = np.stack([projected[:, : 3 * units], projected[packing.mirror, 3 * units :]])
        outputs = np.empty((2, packing.size, units), np.float32)
        state = np.zeros((2, packing.steps[0].stop, units), np.float32)
        for rows in packing.steps:
            state = state[:, : rows.stop - rows.start]
            pushed = state @ self._state
            pushed += self._state_bias
            now = given[:, rows]
            both = pushed[..., : 2 * units] + now[..., : 2 * units]
            np.negative(both, out=both)
            np.exp(both, out=both)
            both += 1
            np.reciprocal(both, out=both)
            new = pushed[..., 2 * units :]
            new *= both[..., :units]
            new += now[..., 2 * units :]
            np.tanh(new, out=new)
            state = new + both[..., units:] * (state - new)
            outputs[:, rows] = state
        return np.concatenate([outputs[0], outputs[1][packing.mirror]], axis=-1)


class _Chain:
    """The linear chain over a batch of scores: how probable each label is at each character."""

    def __init__(self, begin: NDArray[np.float64], following: NDArray[np.float64], end: NDArray[np.float64]) -> None:
        self._begin, self._end = begin, end
        self._next = np.exp(following)

    def __call__(self, scores: Array, packing: _Packing) -> NDArray[np.float64]:
        """Marginal probabilities in the shape of `scores`, by the forward–backward algorithm."""
        forward = scores.astype(np.float64)
        forward[packing.steps[0]] += self._begin
        for before, now in pairwise(packing.steps):
            count = now.stop - now.start
            forward[now] += _pushed(forward[before][:count], self._next)
        backward = np.zeros_like(forward)
        backward[packing.last] = self._end
        for now, after in pairwise(reversed(packing.steps)):
            count = now.stop - now.start
            backward[after][:count] = _pushed(backward[now] + scores[now], self._next.T)
        both = forward + backward
        both = np.exp(both - both.max(axis=-1, keepdims=True))
        shares: NDArray[np.float64] = both / both.sum(axis=-1, keepdims=True)
        return shares


def _pushed(scores: NDArray[np.float64], jump: NDArray[np.float64]) -> NDArray[np.float64]:
    """One step of the chain in logarithms."""
    top = scores.max(axis=-1, keepdims=True)
    pushed: NDArray[np.float64] = np.log(np.exp(scores - top) @ jump + _FLOOR) + top
    return pushed
