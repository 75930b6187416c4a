"""Trains the encoder: ``python -m kg.recognize.train_encoder seeds/annotated seeds/sentences -o encoder.onnx``.

With ``--names FILE.jsonl`` it learns besides from sentences of which persons, places and organisations alone are known
(``{"text", "entities": [[begin, end, PER|LOC|ORG]]}`` a line): such a stretch may be any class of its kind, and what
lies between may be outside or of another kind.

It starts from the characters and the recurrent layers of Baidu's LAC (:mod:`kg.recognize.lac`), which learned from far
more text than ours to cut and tag Chinese, and learns our classes on top; so that it does not forget, it also has to
tag as LAC does (distillation, Hinton et al. 2015). Needs the group ``train`` of ``pyproject.toml`` (PyTorch on the CPU
suffices); onnxruntime reads what it writes.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.optim import swa_utils

from kg.domain import Domain
from kg.model import Document
from kg.recognize import lac
from kg.recognize.annotated import Annotated, read_annotated
from kg.recognize.encoder_graph import write
from kg.recognize.features import FIELDS, Features
from kg.recognize.tagger import OUTSIDE
from kg.recognize.train import labels, renamed
from kg.segment import Segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from torch import Tensor

    Example = tuple[Sequence[tuple[str, ...]], list[str]]

# Settled by cross-validation over the annotated documents.
_WIDTHS = dict(zip(FIELDS, (128, 32, 16, 24, 24, 12, 6, 32, 12, 16, 6, 4, 6, 12), strict=True))
_RARE = 2  # values of a field seen less often are unknown
_UNITS = 128
_COPIES = 1  # of each document, with other names in it
_EPOCHS = 7
_BATCH = 32
_RATE = 1.5e-3
_WARMUP = 200  # steps
_SLOWEST = 0.02  # of the rate, at the end
_AVERAGED = 0.995  # share of the past in the running mean of the weights, which is what is kept
_CLIP = 5.0
_BARRED = 1e4  # taken from the score of a label that the annotation excludes
_FLOOR = 1e-30  # keeps logarithms finite
_KINDS = {"PER": "Person", "LOC": "Place", "ORG": "Organization"}  # and the classes that they may be, with those below
_UNNAMED = "-"
_TAUGHT = 0.3  # weight of LAC's tags beside our labels
_DROPPED = 0.45  # of inputs and outputs of a layer
_FIELDS_DROPPED = 0.15  # of the values of a field, whole


class Batch(NamedTuple):
    """Sentences side by side, the longest first."""

    ids: Tensor  # (fields, steps, sentences)
    lengths: Tensor
    labels: Tensor  # (steps, sentences)
    taught: Tensor  # (steps, sentences, LAC's tags): logarithms of their probabilities


class Encoder(nn.Module):
    """What :class:`kg.recognize.network.Network` computes, in a form that learns."""

    def __init__(self, keys: dict[str, list[str]], labels: list[str], is_a: Callable[[str, str], bool]) -> None:
        super().__init__()
        self.keys, self.labels = keys, labels
        self.targets, self.allowed = _targets(labels, is_a)
        width = sum(_WIDTHS.values())
        self.tables = nn.ModuleList([nn.Embedding(len(keys[name]) + 1, _WIDTHS[name]) for name in FIELDS])
        self.first = nn.GRU(width, _UNITS, bidirectional=True)
        self.second = nn.GRU(2 * _UNITS, _UNITS, bidirectional=True)
        self.out = nn.Linear(4 * _UNITS, len(labels))
        self.begin, self.end = nn.Parameter(torch.zeros(len(labels))), nn.Parameter(torch.zeros(len(labels)))
        self.next = nn.Parameter(torch.zeros(len(labels), len(labels)))
        self.tags = nn.Linear(2 * _UNITS, lac.Teacher.TAGS)  # learns only; it is not kept
        self.drop = nn.Dropout(_DROPPED)
        for table in self.tables:
            table.weight.data *= 0.3
            table.weight.data[0] = 0
        lac.start(self.tables[0], keys["character"], (self.first, self.second), self.tags)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Scores of our labels and of LAC's tags, (steps, sentences, labels) and (steps, sentences, tags)."""
        inputs = [table(ids) for table, ids in zip(self.tables, batch.ids, strict=True)]
        inputs[0] = self.drop(inputs[0])
        if self.training:
            inputs[1:] = [
                one * (torch.rand(one.shape[:2]) > _FIELDS_DROPPED)[..., None] / (1 - _FIELDS_DROPPED)
                for one in inputs[1:]
            ]
        first = self._layer(self.first, torch.cat(inputs, -1), batch.lengths)
        second = self._layer(self.second, self.drop(first), batch.lengths)
        return self.out(self.drop(torch.cat([first, second], -1))), self.tags(self.drop(second))

    def _layer(self, layer: nn.GRU, inputs: Tensor, lengths: Tensor) -> Tensor:
        packed, _ = layer(nn.utils.rnn.pack_padded_sequence(inputs, lengths))
        outputs, _ = nn.utils.rnn.pad_packed_sequence(packed)
        return outputs

    def loss(self, batch: Batch) -> Tensor:
        """How improbable the allowed labels are, and how far our tags are from LAC's: the mean of sentences."""
        scores, tags = self(batch)
        barred = (self.allowed[batch.labels] - 1) * _BARRED
        surprise = self._total(scores, batch.lengths) - self._total(scores + barred, batch.lengths)
        taught = batch.taught.float()
        apart = (taught.exp() * (taught - tags.log_softmax(-1))).sum(-1)  # Kullback–Leibler, for each character
        inside = torch.arange(len(apart))[:, None] < batch.lengths
        return surprise.mean() + _TAUGHT * (apart * inside).sum() / len(batch.lengths)

    def _total(self, scores: Tensor, lengths: Tensor) -> Tensor:
        """The logarithm of the sum over all sequences of labels, for each sentence."""
        reached = self.begin + scores[0]
        jump = self.next.exp()
        for step in range(1, len(scores)):
            top = reached.max(1, keepdim=True)[0].detach()
            pushed = torch.log((reached - top).exp() @ jump + _FLOOR) + top + scores[step]
            reached = torch.where((lengths > step)[:, None], pushed, reached)
        return torch.logsumexp(reached + self.end, 1)

    def save(self, path: Path) -> None:
        """Write the ONNX file that :class:`kg.recognize.network.Network` reads."""
        numbers = {
            "out.weight": self.out.weight.T, "out.bias": self.out.bias,
            "chain.begin": self.begin, "chain.next": self.next, "chain.end": self.end,
        }  # fmt: skip
        numbers |= {f"table.{name}": table.weight for name, table in zip(FIELDS, self.tables, strict=True)}
        numbers |= lac.layers(self.first, self.second)
        write(path, self.labels, self.keys, {name: tensor.detach().numpy() for name, tensor in numbers.items()})


def _targets(labels: list[str], is_a: Callable[[str, str], bool]) -> tuple[dict[str, int], Tensor]:
    """What an annotation may say of a character, and which labels (columns) that allows."""
    kinds = {
        kind: [at for at, label in enumerate(labels) if label != OUTSIDE and is_a(label[2:], root)]
        for kind, root in _KINDS.items()
    }
    rows = {label: [at] for at, label in enumerate(labels)}
    for kind, columns in kinds.items():
        rows |= {f"{mark}-{kind}": [at for at in columns if labels[at][0] == mark] for mark in "BI"}
    named = {at for columns in kinds.values() for at in columns}
    rows[_UNNAMED] = [at for at in range(len(labels)) if at not in named]
    allowed = torch.zeros(len(rows), len(labels))
    for row, columns in enumerate(rows.values()):
        allowed[row, columns] = 1
    return {name: at for at, name in enumerate(rows)}, allowed


def examples(corpus: Sequence[Annotated], domain: Domain) -> Iterator[Example]:
    """The sentences of `corpus` with the labels of their characters."""
    features, segmenter = Features(domain), Segmenter(domain)
    for annotated in corpus:
        for sentence in segmenter(annotated.document).sentences:
            if len(sentence.span):
                rows = [character.fields for character in features(annotated.document.text, sentence)]
                yield rows, labels(sentence.span, annotated.names)


def known_names(path: Path, domain: Domain) -> Iterator[Example]:
    """The sentences of a file that knows names of three kinds alone."""
    features, segmenter = Features(domain), Segmenter(domain)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        document = Document(f"{path.stem}-{number}", row["text"], "")
        marks = [_UNNAMED] * len(document.text)
        for begin, end, kind in row["entities"]:
            marks[begin:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - begin - 1)]
        for sentence in segmenter(document).sentences:
            rows = [character.fields for character in features(document.text, sentence)]
            yield rows, marks[sentence.span.begin : sentence.span.end]


class Batches:
    """Cuts examples into batches of about equal lengths."""

    def __init__(self, encoder: Encoder, given: Sequence[Example]) -> None:
        ids = [{key: at for at, key in enumerate(encoder.keys[name], 1)} for name in FIELDS]
        targets, teacher = encoder.targets, lac.Teacher()
        self._examples = [
            (
                torch.tensor([[known.get(value, 0) for known, value in zip(ids, row, strict=True)] for row in rows]),
                torch.tensor([targets[label] for label in right]),
                teacher([row[0] for row in rows]),
            )
            for rows, right in given
        ]

    def __len__(self) -> int:
        return (len(self._examples) + _BATCH - 1) // _BATCH

    def shuffled(self, draw: random.Random) -> list[Batch]:
        """All examples once."""
        order = draw.sample(range(len(self._examples)), len(self._examples))
        near = 20 * _BATCH
        pools = [sorted(order[at : at + near], key=self._length) for at in range(0, len(order), near)]
        batches = [pool[at : at + _BATCH] for pool in pools for at in range(0, len(pool), _BATCH)]
        draw.shuffle(batches)
        return [self._batch(batch) for batch in batches]

    def _length(self, at: int) -> int:
        return len(self._examples[at][1])

    def _batch(self, chosen: list[int]) -> Batch:
        examples = [self._examples[at] for at in sorted(chosen, key=self._length, reverse=True)]
        ids, right, taught = (nn.utils.rnn.pad_sequence(side) for side in zip(*examples, strict=True))
        return Batch(ids.permute(2, 0, 1), torch.tensor([len(labels) for _, labels, _ in examples]), right, taught)


def train(corpus: Sequence[Annotated], domain: Domain, names: Sequence[Path] = (), seed: int = 0) -> Encoder:
    """An encoder trained on `corpus`, on copies with other names and on files of `names`; prints its progress."""
    draw = random.Random(seed)  # noqa: S311 - an order of sentences, no secret
    torch.manual_seed(seed)
    own = list(examples(corpus, domain))
    copies = [one for copy in range(_COPIES) for one in examples(renamed(corpus, domain, copy), domain)]
    others = [one for path in names for one in known_names(path, domain) if one[0]]
    encoder = Encoder(_keys(own + others), sorted({label for _, right in own for label in right}), domain.is_a)
    batches = Batches(encoder, own + copies + others)
    steps = _EPOCHS * len(batches)
    optimizer = torch.optim.Adam(_groups(encoder), weight_decay=1e-6)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, step / _WARMUP) * max(_SLOWEST, 1 - step / steps)
    )
    mean = swa_utils.AveragedModel(encoder, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(_AVERAGED))
    for epoch in range(_EPOCHS):
        encoder.train()
        total = 0.0
        for batch in batches.shuffled(draw):
            loss = encoder.loss(batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), _CLIP)
            optimizer.step()
            schedule.step()
            mean.update_parameters(encoder)
            total += loss.item()
        print(f"epoch {epoch + 1} of {_EPOCHS}: loss {total / len(batches):.2f}", flush=True)  # noqa: T201 - a script
    best: Encoder = mean.module.eval()
    return best


def _keys(given: Sequence[Example]) -> dict[str, list[str]]:
    """The values of each field that are not rare, and all of LAC's characters."""
    counts = {name: Counter(row[at] for rows, _ in given for row in rows) for at, name in enumerate(FIELDS)}
    keys = {name: sorted(key for key, n in found.items() if key and n >= _RARE) for name, found in counts.items()}
    return keys | {"character": sorted(key for key in lac.characters() if key)}


def _groups(encoder: Encoder) -> list[dict[str, object]]:
    """What LAC has learned is to change more slowly than what is new."""
    old = [p for layer in (encoder.tables[0], encoder.first, encoder.second) for p in layer.parameters()]
    known = {id(parameter) for parameter in old}
    new = [parameter for parameter in encoder.parameters() if id(parameter) not in known]
    return [{"params": old, "lr": 0.7 * _RATE}, {"params": new, "lr": 1.5 * _RATE}]


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of .ann files")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the encoder to write")
    parser.add_argument(
        "--names", type=Path, nargs="*", default=[], help="JSON Lines of persons, places, organisations"
    )
    parser.add_argument("--domain", type=Path, help="the domain folder (default: the one that ships)")
    options = parser.parse_args()
    domain = Domain(options.domain) if options.domain else Domain.default()
    corpus = [read_annotated(path) for folder in options.folders for path in sorted(folder.glob("*.ann"))]
    train(corpus, domain, options.names).save(options.output)


if __name__ == "__main__":
    main()
