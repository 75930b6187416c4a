"""The encoder: a two-layer bidirectional GRU over the characters of sentences, computed by onnxruntime.

Gated recurrent units are those of Cho et al. 2014; the linear-chain layer on top is that of Lafferty et al. 2001, its
marginal probabilities by the scaled forward–backward algorithm (Rabiner 1989). :mod:`kg.recognize.train_encoder`
writes the file it reads.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from kg.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_BATCH = 32  # sentences computed side by side
_FILLED = 1.25  # how much longer than the shortest of them the longest may be
_QUIET = 4  # onnxruntime's level of log for what ends the program: it says more than it should where it starts
_THREADS = 1  # more gain little at this size and lose much on a busy machine


class Network:
    """A trained encoder; `path` is an ONNX file as :func:`kg.recognize.encoder_graph.write` makes it.

    A sentence is a list of rows, one per character, of as many strings as the network has fields. Numbers are
    32-bit, so the last digits of a probability depend on the processor: round them before they are written.
    """

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.inter_op_num_threads = 1
        options.log_severity_level = _QUIET
        try:
            self._session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
            held = self._session.get_modelmeta().custom_metadata_map
            self.labels: tuple[str, ...] = tuple(json.loads(held["labels"]))
            keys = json.loads(held["keys"])
            chain = json.loads(held["chain"])
        except Exception as error:  # those of onnxruntime have no class in common
            msg = f"{path}: not an encoder ({error}); python -m kg.recognize.train_encoder writes one"
            raise DomainError(msg) from error
        self.fields: tuple[str, ...] = tuple(keys)
        self._ids = [{key: at for at, key in enumerate(values, 1)} for values in keys.values()]
        self._begin, self._next, self._end = (np.exp(np.array(chain[name])) for name in ("begin", "next", "end"))
        self._begin = self._begin[None]

    def __call__(self, sentences: Sequence[Sequence[Sequence[str]]]) -> list[NDArray[np.float64]]:
        """For each sentence an array of shape (characters, labels): how probable each label is."""
        scores = [np.empty((0, len(self.labels)), np.float32)] * len(sentences)
        for chosen in _batches([len(rows) for rows in sentences]):
            together = self._scores([sentences[at] for at in chosen])
            for column, at in enumerate(chosen):
                scores[at] = together[: len(sentences[at]), column]
        return self._marginals(scores)

    def _scores(self, batch: Sequence[Sequence[Sequence[str]]]) -> NDArray[np.float32]:
        """What speaks for each label, of shape (steps, sentences, labels); void behind a sentence's end."""
        lengths = np.array([len(rows) for rows in batch], np.int32)
        ids = np.zeros((len(self.fields), lengths.max(), len(batch)), np.int32)
        for column, rows in enumerate(batch):
            for field, (known, values) in enumerate(zip(self._ids, zip(*rows, strict=True), strict=True)):
                ids[field, : len(rows), column] = [known.get(value, 0) for value in values]
        inputs = {"lengths": lengths, **dict(zip(self.fields, ids, strict=True))}
        scores: NDArray[np.float32] = self._session.run(["scores"], inputs)[0]
        return scores

    def _marginals(self, scores: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float64]]:
        """The probabilities of labels in each sentence; all are computed side by side, the longest first."""
        order = sorted(range(len(scores)), key=lambda at: -len(scores[at]))
        lengths = np.array([len(scores[at]) for at in order], np.intp)
        counts = (lengths > np.arange(lengths.max(initial=0))[:, None]).sum(axis=1)  # sentences that reach a step
        likely = np.zeros((len(counts), len(scores), len(self.labels)))
        for row, at in enumerate(order):
            values = scores[at]
            likely[: len(values), row] = np.exp(values - values.max(axis=-1, keepdims=True, initial=-np.inf))
        shares = np.zeros_like(likely)  # at first those of what lies ahead of each step, then of all
        before, onward = self._begin, self._next.T
        shares[lengths - 1, np.arange(len(order))] = self._end
        for step in range(len(counts) - 1, 0, -1):
            here = slice(counts[step])
            shares[step - 1, here] = _scaled((shares[step, here] * likely[step, here]) @ onward)
        for step, count in enumerate(counts):
            passed = _scaled(before[:count] * likely[step, :count])
            shares[step, :count] = _scaled(passed * shares[step, :count])
            before = passed @ self._next
        return [shares[: lengths[row], row] for row in np.argsort(order)]


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Which sentences to compute side by side: some of about the same length, for the shorter ones are filled up."""
    batch: list[int] = []
    for length, at in sorted((length, at) for at, length in enumerate(lengths) if length):
        if batch and (len(batch) == _BATCH or length > lengths[batch[0]] * _FILLED):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """`values` divided by their sum over the last axis."""
    scaled: NDArray[np.float64] = values / values.sum(axis=-1, keepdims=True)
    return scaled
