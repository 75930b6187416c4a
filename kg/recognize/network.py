"""The encoder: a two-layer bidirectional GRU over the characters of sentences, computed by onnxruntime.

Gated recurrent units are those of Cho et al. 2014; the linear-chain layer on top is that of Lafferty et al. 2001, its
marginal probabilities by the scaled forward–backward algorithm (Rabiner 1989). :mod:`kg.recognize.train_encoder`
writes the file it reads.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from kg.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_BATCH = 32  # sentences computed side by side
_FILLED = 1.25  # how much longer than the shortest of them the longest may be
_QUIET = 4  # onnxruntime's level of log for what ends the program: it says more than it should where it starts
_THREADS = 1  # more gain little at this size and lose much on a busy machine


class Reader:
    """An ONNX graph that reads characters; `what` it is and the module `writer` are told where the file is another.

    A sequence is a list of rows, one per character, of as many strings as the graph has `fields`. Numbers are 32-bit,
    so their last digits depend on the processor: round what comes of them before it is written.
    """

    def __init__(self, path: Path, what: str, writer: str) -> None:
        self._alone = onnxruntime.RunOptions()
        self._alone.only_execute_path_to_fetches = True
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.inter_op_num_threads = 1
        options.log_severity_level = _QUIET
        try:
            self._session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
            held = self._session.get_modelmeta().custom_metadata_map
            self.facts: dict[str, Any] = {name: json.loads(fact) for name, fact in held.items()}
            self.fields: tuple[str, ...] = tuple(self.facts["keys"])
        except Exception as error:  # those of onnxruntime have no class in common
            msg = f"{path}: not {what} ({error}); python -m {writer} writes one"
            raise DomainError(msg) from error
        self._ids = [{key: at for at, key in enumerate(values, 1)} for values in self.facts["keys"].values()]
        self._idle = {one.name: _idle(one) for one in self._session.get_inputs()}

    def __call__(self, output: str, sequences: Sequence[Sequence[Sequence[str]]]) -> list[NDArray[np.float32]]:
        """What the graph gives as `output` for each sequence: an array of shape (characters, numbers)."""
        found = [np.empty((0, 0), np.float32)] * len(sequences)
        for chosen in _batches([len(rows) for rows in sequences]):
            together = self._run(output, [sequences[at] for at in chosen])
            for column, at in enumerate(chosen):
                found[at] = together[: len(sequences[at]), column]
        return found

    def _run(self, output: str, batch: Sequence[Sequence[Sequence[str]]]) -> NDArray[np.float32]:
        """The output of shape (steps, sequences, numbers); void behind a sequence's end."""
        lengths = np.array([len(rows) for rows in batch], np.int32)
        ids = np.zeros((len(self.fields), lengths.max(), len(batch)), np.int32)
        for column, rows in enumerate(batch):
            for field, (known, values) in enumerate(zip(self._ids, zip(*rows, strict=True), strict=True)):
                ids[field, : len(rows), column] = [known.get(value, 0) for value in values]
        return self.compute(output, {"lengths": lengths, **dict(zip(self.fields, ids, strict=True))})

    def compute(self, output: str, inputs: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """The part of the graph that gives `output`, of which `inputs` are all that it needs."""
        found: NDArray[np.float32] = self._session.run([output], {**self._idle, **inputs}, self._alone)[0]
        return found


def _idle(declared: onnxruntime.NodeArg) -> NDArray[Any]:
    """Something for an input that the wanted output does not need: onnxruntime asks for all of them."""
    shape = [size if isinstance(size, int) else 1 for size in declared.shape]
    return np.zeros(shape, np.float32 if declared.type == "tensor(float)" else np.int32)


class Network:
    """A trained encoder; `path` is an ONNX file as :func:`kg.recognize.encoder_graph.write` makes it."""

    def __init__(self, path: Path) -> None:
        what, writer = "an encoder", "kg.recognize.train_encoder"
        self._reader = Reader(path, what, writer)
        self.fields = self._reader.fields
        try:
            self.labels: tuple[str, ...] = tuple(self._reader.facts["labels"])
            chain = self._reader.facts["chain"]
        except KeyError as error:
            msg = f"{path}: not {what} (it holds no {error}); python -m {writer} writes one"
            raise DomainError(msg) from error
        self._begin, self._next, self._end = (np.exp(np.array(chain[name])) for name in ("begin", "next", "end"))
        self._begin = self._begin[None]

    def __call__(self, sentences: Sequence[Sequence[Sequence[str]]]) -> list[NDArray[np.float64]]:
        """For each sentence an array of shape (characters, labels): how probable each label is."""
        nothing = np.empty((0, len(self.labels)), np.float32)
        scores = self._reader("scores", sentences)
        return self._marginals([found if len(found) else nothing for found in scores])

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
