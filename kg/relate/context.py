"""Mentions and numbers in context: a network reads a document, then tells what a number is about, how two are related.

A two-layer bidirectional GRU (Cho et al. 2014) runs over the characters of each block, which it knows with their
mentions and numbers marked; two small layers on top compare the states at the ends of spans, as Lee et al. 2017 do for
coreference. What it says is pooled with what the models of written features say (:func:`kg.relate.choice.pooled`), each
seeing what the other misses. :mod:`kg.relate.train_context` writes the file it reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kg.errors import DomainError
from kg.recognize.network import Reader
from kg.relate.context_fields import Families, characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.domain import Domain
    from kg.model import Entity
    from kg.recognize.quantities import Quantity
    from kg.relate.attachment import Option
    from kg.relate.candidates import Candidate
    from kg.relate.context_fields import Characters
    from kg.segment import Segmentation

_MODEL = "context.onnx"
_WHAT, _WRITER = "a context model", "kg.relate.train_context"


class ContextReader:
    """Reads documents by ``context.onnx`` of the domain, which may do without.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> read = ContextReader.of(domain)
    >>> read(Segmenter(domain)(Document("a", "他们来了。", "")), (), ()).states.shape[0]
    5
    """

    @classmethod
    def of(cls, domain: Domain) -> ContextReader | None:
        """The reader of `domain`, if it has one."""
        return cls(domain) if (domain.path / _MODEL).is_file() else None

    def __init__(self, domain: Domain) -> None:
        path = domain.file(_MODEL)
        self._families = Families(domain)
        self._network = Reader(path, _WHAT, _WRITER)
        facts = self._network.facts
        try:
            self._relations: tuple[str, ...] = tuple(facts["relations"])
            self._known = {kind: _numbered(facts[kind]) for kind in ("traits", "pairs")}
        except KeyError as error:
            msg = f"{path}: not {_WHAT} (it holds no {error}); python -m {_WRITER} writes one"
            raise DomainError(msg) from error

    def __call__(
        self, segmentation: Segmentation, entities: Iterable[Entity], quantities: Sequence[Quantity]
    ) -> Context:
        """The document as it has been read."""
        read = characters(segmentation, entities, quantities, self._families)
        found = self._network("read", read.blocks)
        together = np.concatenate(found) if found else np.zeros((0, 2), np.float32)
        return Context(self, read, together)

    def scores(self, output: str, inputs: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        """What speaks for each of the things that `output` tells apart."""
        return self._network.compute(output, inputs).astype(np.float64)

    @property
    def relations(self) -> tuple[str, ...]:
        """What a pair may stand in, :data:`kg.relate.ranker.NONE` among them."""
        return self._relations

    def told(self, kind: str, rows: Sequence[tuple[str, ...]]) -> dict[str, NDArray[np.int32]]:
        """The numbers by which the network knows the values of `rows`."""
        columns = zip(self._known[kind].items(), zip(*rows, strict=True), strict=True)
        return {
            f"{kind}.{name}": np.array([known.get(value, 0) for value in values], np.int32)
            for (name, known), values in columns
        }


class Context:
    """A document that has been read: `states` holds a row for each character of its blocks."""

    def __init__(self, reader: ContextReader, read: Characters, together: NDArray[np.float32]) -> None:
        self._reader, self._read = reader, read
        self.states, around = np.split(together, 2, axis=1)
        first = np.zeros((1, around.shape[1]))
        self._sums = np.concatenate([first, around.cumsum(axis=0, dtype=np.float64)])

    def choose(self, quantity: Quantity, options: Sequence[Option]) -> list[float]:
        """How probable each of `options` is what `quantity` is about; they add up to one."""
        rows = [self._read.option(quantity, option) for option in options]
        number = np.array([self._read.ends(quantity.number)] * len(rows), np.int32)
        inputs = {"states": self.states, "number": number, "option": np.array([r for r, _ in rows], np.int32)}
        inputs |= self._reader.told("traits", [told for _, told in rows])
        return _softmax(self._reader.scores("choices", inputs)[:, 0])

    def relate(self, candidates: Sequence[Candidate]) -> list[dict[str, float]]:
        """How probable each relation is, and none, for each of `candidates`; they add up to one."""
        if not candidates:
            return []
        rows = [self._read.pair(candidate) for candidate in candidates]
        begins, ends = np.array([parts for _, parts, _ in rows]).transpose(2, 0, 1)  # each (pairs, parts)
        sizes = np.maximum(ends - begins, 1)[..., None]
        beside = (self._sums[ends] - self._sums[begins]) / np.sqrt(sizes)
        inputs = {
            "states": self.states,
            "members": np.array([members for members, _, _ in rows], np.int32),
            "beside": beside.reshape(len(rows), -1).astype(np.float32),
        }
        inputs |= self._reader.told("pairs", [told for _, _, told in rows])
        scores = self._reader.scores("relations", inputs)
        return [dict(zip(self._reader.relations, _softmax(row), strict=True)) for row in scores]


def _numbered(keys: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
    return {name: {key: at for at, key in enumerate(values, 1)} for name, values in keys.items()}


def _softmax(scores: NDArray[np.float64]) -> list[float]:
    powers = np.exp(scores - scores.max())
    shares: list[float] = (powers / powers.sum()).tolist()
    return shares
