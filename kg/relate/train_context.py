"""Trains what reads in context: ``python -m kg.relate.train_context seeds/annotated -o ontology/context.onnx``.

It learns two things at once from annotated texts: what each number is about, and how the mentions of a sentence are
related. Like the encoder of names it starts from the characters and the recurrent layers of Baidu's LAC
(:mod:`kg.recognize.lac`). Needs the group ``train`` of ``pyproject.toml`` (PyTorch on the CPU suffices).
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional
from torch.optim import swa_utils

from kg.domain import Domain
from kg.recognize import lac
from kg.relate.context_fields import FIELDS, RELATIONS, TRAITS
from kg.relate.context_graph import write
from kg.relate.train_context_examples import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from kg.relate.train_context_examples import Read

# Settled by cross-validation over the annotated documents.
_WIDTHS = dict(zip(FIELDS, (128, 24, 32, 16, 4, 16, 8, 2, 2), strict=True))
_TRAIT = 12  # width of each trait of an option
_PAIR = dict(zip(RELATIONS, (8, 12, 8, 16, 16), strict=True))
_RARE = 5  # values of a field seen less often are unknown
_UNITS = 128
_SIZE = 128  # of a state
_CHOOSING, _RELATING = 160, 200  # units on top
_EPOCHS = 9
_BATCH = 8  # documents
_RATE = 1.5e-3
_WARMUP = 60  # steps
_SLOWEST = 0.02  # of the rate, at the end
_AVERAGED = 0.99  # share of the past in the running mean of the weights, which is what is kept
_CLIP = 5.0
_DROPPED = 0.35
_DECAY = 1e-4
_WEIGHTS = (1 / 80, 1 / 400)  # of a number and of a pair in the loss


class Network(nn.Module):
    """What :class:`kg.relate.context.ContextReader` computes, in a form that learns."""

    def __init__(self, keys: dict[str, dict[str, list[str]]], relations: list[str]) -> None:
        super().__init__()
        self.keys, self.relations = keys, relations
        self.fields = self._tables(keys["keys"], _WIDTHS)
        self.traits = self._tables(keys["traits"], dict.fromkeys(TRAITS, _TRAIT))
        self.pairs = self._tables(keys["pairs"], _PAIR)
        self.first = nn.GRU(sum(_WIDTHS.values()), _UNITS, bidirectional=True)
        self.second = nn.GRU(2 * _UNITS, _UNITS, bidirectional=True)
        self.state, self.around = nn.Linear(4 * _UNITS, _SIZE), nn.Linear(4 * _UNITS, _SIZE)
        self.nowhere = nn.Parameter(torch.zeros(1, _SIZE))
        self.choose1 = nn.Linear(4 * _SIZE + len(TRAITS) * _TRAIT, _CHOOSING)
        self.choose2 = nn.Linear(_CHOOSING, 1)
        self.relate1 = nn.Linear(7 * _SIZE + sum(_PAIR.values()), _RELATING)
        self.relate2 = nn.Linear(_RELATING, len(relations))
        self.drop = nn.Dropout(_DROPPED)
        for table in self.fields:
            table.weight.data *= 0.3
        forgotten = nn.Linear(2 * _UNITS, lac.Teacher.TAGS)
        lac.start(self.fields[0], keys["keys"]["character"], (self.first, self.second), forgotten)

    @staticmethod
    def _tables(keys: dict[str, list[str]], widths: dict[str, int]) -> nn.ModuleList:
        return nn.ModuleList([nn.Embedding(len(values) + 1, widths[name]) for name, values in keys.items()])

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Scores of the options, (options,), and of the relations of pairs, (pairs, relations)."""
        states, sums = self._read(batch)
        at = torch.cat([states[batch.number].flatten(1), states[batch.option].flatten(1)], -1)
        choices = self._top(self.choose1, self.choose2, [at, *_looked_up(self.traits, batch.traits)])
        begins, ends = batch.beside.unbind(-1)
        beside = (sums[ends] - sums[begins]) / (ends - begins).clamp(min=1)[..., None] ** 0.5
        given = [states[batch.members].flatten(1), beside.flatten(1), *_looked_up(self.pairs, batch.pairs)]
        return choices.squeeze(1), self._top(self.relate1, self.relate2, given)

    def _read(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The state of each character behind that of nowhere, and running sums of what it gives to those around."""
        inputs = [table(ids) for table, ids in zip(self.fields, batch.ids, strict=True)]
        inputs[0] = self.drop(inputs[0])
        first = self._layer(self.first, torch.cat(inputs, -1), batch.lengths)
        second = self._layer(self.second, self.drop(first), batch.lengths)
        both = self.drop(torch.cat([first, second], -1)).transpose(0, 1)
        flat = both[torch.arange(both.shape[1]) < batch.lengths[:, None]]
        states = torch.cat([self.nowhere, torch.tanh(self.state(flat))])
        return states, torch.cat([torch.zeros(1, _SIZE), torch.relu(self.around(flat)).cumsum(0)])

    @staticmethod
    def _layer(layer: nn.GRU, inputs: Tensor, lengths: Tensor) -> Tensor:
        packed, _ = layer(nn.utils.rnn.pack_padded_sequence(inputs, lengths, enforce_sorted=False))
        outputs: Tensor = nn.utils.rnn.pad_packed_sequence(packed)[0]
        return outputs

    def _top(self, first: nn.Linear, second: nn.Linear, given: list[Tensor]) -> Tensor:
        hidden = torch.relu(first(self.drop(torch.cat(given, -1))))
        scores: Tensor = second(self.drop(hidden))
        return scores

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """How improbable the right options and the right relations are: a sum each."""
        choices, related = self(batch)
        parts = zip(choices.split(batch.sizes), batch.chosen, strict=True)
        chosen = sum((-part.log_softmax(0)[at] for part, at in parts), torch.zeros(()))
        return chosen, functional.cross_entropy(related, batch.relation, reduction="sum")

    def save(self, path: Path) -> None:
        """Write the ONNX file that :class:`kg.relate.context.ContextReader` reads."""
        numbers = {"nowhere": self.nowhere}
        for name in ("state", "around", "choose1", "choose2", "relate1", "relate2"):
            linear = getattr(self, name)
            numbers[name], numbers[f"{name}.bias"] = linear.weight.T, linear.bias
        for prefix, names, tables in (
            ("keys.", FIELDS, self.fields), ("traits.table.", TRAITS, self.traits),
            ("pairs.table.", RELATIONS, self.pairs),
        ):  # fmt: skip
            numbers |= {prefix + name: table.weight for name, table in zip(names, tables, strict=True)}
        numbers |= lac.layers(self.first, self.second)
        arrays = {name: tensor.detach().numpy() for name, tensor in numbers.items()}
        write(path, self.keys, self.relations, arrays)


class Batch(NamedTuple):
    """Documents side by side; rows of characters are counted through all of them."""

    ids: Tensor  # (fields, steps, blocks)
    lengths: Tensor
    number: Tensor  # (options, 2)
    option: Tensor  # (options, 2)
    traits: Tensor  # (traits, options)
    sizes: list[int]  # options of each number
    chosen: list[int]
    members: Tensor  # (pairs, 4)
    beside: Tensor  # (pairs, 3, 2)
    pairs: Tensor
    relation: Tensor


def _looked_up(tables: nn.ModuleList, ids: Tensor) -> list[Tensor]:
    return [table(values) for table, values in zip(tables, ids, strict=True)]


def _keys(documents: Sequence[Read]) -> dict[str, dict[str, list[str]]]:
    """The values of all that is told which are not rare, and all of LAC's characters."""
    told = {
        "keys": (FIELDS, [row for d in documents for block in d.blocks for row in block]),
        "traits": (TRAITS, [row for d in documents for choice in d.choices for row in choice.traits]),
        "pairs": (RELATIONS, [pair.told for d in documents for pair in d.pairs]),
    }
    keys: dict[str, dict[str, list[str]]] = {}
    for kind, (names, rows) in told.items():
        counts = {name: Counter(row[at] for row in rows) for at, name in enumerate(names)}
        keys[kind] = {
            n: sorted(key for key, count in found.items() if key and count >= _RARE) for n, found in counts.items()
        }
    keys["keys"]["character"] = sorted(key for key in lac.characters() if key)
    return keys


class Batches:
    """Cuts documents into batches."""

    def __init__(self, network: Network, documents: Sequence[Read]) -> None:
        self._ids = {
            kind: [{key: at for at, key in enumerate(values, 1)} for values in known.values()]
            for kind, known in network.keys.items()
        }
        self._relations = {relation: at for at, relation in enumerate(network.relations)}
        self._documents = [self._numbered(document) for document in documents]

    def __len__(self) -> int:
        return (len(self._documents) + _BATCH - 1) // _BATCH

    def shuffled(self, draw: random.Random) -> Iterator[Batch]:
        """All documents once."""
        order = draw.sample(self._documents, len(self._documents))
        for at in range(0, len(order), _BATCH):
            yield _together(order[at : at + _BATCH])

    def _numbered(self, document: Read) -> Batch:
        """One document by itself; its blocks stand one behind the other."""
        choices, pairs = document.choices, document.pairs
        return Batch(
            self._told("keys", [row for block in document.blocks for row in block]),
            torch.tensor([len(block) for block in document.blocks]),
            _table([choice.number for choice in choices for _ in choice.traits], 2),
            _table([mention for choice in choices for mention in choice.mentions], 2),
            self._told("traits", [row for choice in choices for row in choice.traits]),
            [len(choice.traits) for choice in choices],
            [choice.chosen for choice in choices],
            _table([pair.members for pair in pairs], 4),
            _table([pair.beside for pair in pairs], 3, 2),
            self._told("pairs", [pair.told for pair in pairs]),
            torch.tensor([self._relations[pair.relation] for pair in pairs], dtype=torch.long),
        )

    def _told(self, kind: str, rows: Sequence[tuple[str, ...]]) -> Tensor:
        known = self._ids[kind]
        found = [[ids.get(value, 0) for ids, value in zip(known, row, strict=True)] for row in rows]
        return _table(found, len(known)).T


def _table(rows: Sequence[object], *shape: int) -> Tensor:
    return torch.tensor(rows, dtype=torch.long).reshape(-1, *shape)


def _together(documents: Sequence[Batch]) -> Batch:
    """One batch of several documents: what follows an earlier one is counted on from its last character."""
    starts = [0]
    for document in documents:
        starts.append(starts[-1] + int(document.lengths.sum()))
    parts = list(zip(documents, starts, strict=False))
    blocks = [block for d in documents for block in d.ids.T.split(d.lengths.tolist())]
    return Batch(
        nn.utils.rnn.pad_sequence(blocks).permute(2, 0, 1),
        torch.cat([d.lengths for d in documents]),
        torch.cat([d.number + start * (d.number > 0) for d, start in parts]),
        torch.cat([d.option + start * (d.option > 0) for d, start in parts]),
        torch.cat([d.traits for d in documents], 1),
        [size for d in documents for size in d.sizes],
        [chosen for d in documents for chosen in d.chosen],
        torch.cat([d.members + start * (d.members > 0) for d, start in parts]),
        torch.cat([d.beside + start for d, start in parts]),
        torch.cat([d.pairs for d in documents], 1),
        torch.cat([d.relation for d in documents]),
    )


def train(documents: Sequence[Read], seed: int = 0, epochs: int = _EPOCHS) -> Network:
    """A network trained on `documents`; prints its progress."""
    draw = random.Random(seed)  # noqa: S311 - an order of documents, no secret
    torch.manual_seed(seed)
    network = Network(_keys(documents), sorted({pair.relation for d in documents for pair in d.pairs}))
    batches = Batches(network, documents)
    steps = epochs * len(batches)
    optimizer = torch.optim.AdamW(_groups(network), weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / _WARMUP) * max(_SLOWEST, 1 - step / steps)
    )
    mean = swa_utils.AveragedModel(network, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(_AVERAGED))
    for epoch in range(epochs):
        network.train()
        total = torch.zeros(2)
        for batch in batches.shuffled(draw):
            parts = torch.stack(network.loss(batch))
            optimizer.zero_grad()
            (parts * torch.tensor(_WEIGHTS)).sum().backward()
            nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
            optimizer.step()
            schedule.step()
            mean.update_parameters(network)
            total += parts.detach()
        counts = torch.tensor([sum(len(d.choices) for d in documents), sum(len(d.pairs) for d in documents)])
        numbers, pairs = (total / counts).tolist()
        print(f"epoch {epoch + 1} of {epochs}: loss {numbers:.3f} a number, {pairs:.3f} a pair", flush=True)  # noqa: T201
    best: Network = mean.module.eval()
    return best


def _groups(network: Network) -> list[dict[str, object]]:
    """What LAC has learned is to change more slowly than what is new."""
    old = [p for layer in (network.fields[0], network.first, network.second) for p in layer.parameters()]
    known = {id(parameter) for parameter in old}
    new = [parameter for parameter in network.parameters() if id(parameter) not in known]
    return [{"params": old, "lr": 0.7 * _RATE}, {"params": new, "lr": _RATE}]


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of .ann files")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the network to write")
    parser.add_argument("--domain", type=Path, help="the domain folder (default: the one that ships)")
    given = parser.parse_args()
    domain = Domain(given.domain) if given.domain else Domain.default()
    documents = list(corpus(given.folder, domain, random.Random(0)))  # noqa: S311 - which mistakes are shown, no secret
    train(documents).save(given.output)


if __name__ == "__main__":
    main()
