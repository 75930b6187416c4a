"""How merging grows: seconds at 500, 1,000 and 2,000 generated documents, and what one change costs with a cache.

Run: python bench/scaling.py [--rebuild]. Documents are made of the texts of tests/data/identity.ann with other names of
people and firms in each, so that things
grow in number with the documents. With --rebuild 2,000
documents are read (minutes), one is changed, and they are built again.
"""

from __future__ import annotations

import argparse
import gc
import math
import runpy
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import kg
from kg.domain import Domain
from kg.merge import merge
from kg.pipeline import Pipeline

if TYPE_CHECKING:
    from kg.model import Extraction

SIZES = (500, 1000, 2000)
_IDENTITY = runpy.run_path(str(Path(__file__).parent / "identity.py"))
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"
# Names that stay as they are: those of places and of the bodies in them are shared by all documents, as in life.
_VARIED = ("宏达", "江汉", "李伟", "王建国", "张敏")


def generated(number: int) -> list[str]:
    """The texts of `number` documents."""
    texts = [case.document.text for case in _IDENTITY["read_cases"]()]
    return [_varied(texts[i % len(texts)], i // len(texts)) for i in range(number)]


def _varied(text: str, round_: int) -> str:
    suffix = "".join(_ORDINALS[int(d)] for d in str(round_))
    for name in _VARIED:
        text = text.replace(name, name[0] + suffix)
    return text


def extractions(number: int) -> list[Extraction]:
    """Extractions of the generated documents; each text is read once."""
    pipeline = Pipeline()
    known = {text: pipeline.extract(text) for text in sorted(set(generated(number)))}
    return [_renamed(known[text], f"{i:05}.txt") for i, text in enumerate(generated(number))]


def _renamed(extraction: Extraction, name: str) -> Extraction:
    data = extraction.to_json().replace(b'"document":"text"', f'"document":"{name}"'.encode())
    moved = type(extraction).from_json(data)
    return replace(moved, document=replace(moved.document, id=name))


def merging() -> None:
    """Print the seconds that merging takes by number of documents, and how they grow beside n log n."""
    every = extractions(SIZES[-1])
    domain = Domain.default()
    merge(every[:10], domain)
    print(f"{'documents':>10}{'entities':>10}{'seconds':>9}{'µs per n log n':>16}")
    for size in SIZES:
        gc.collect()
        begin = time.perf_counter()
        graph = merge(every[:size], domain)
        seconds = time.perf_counter() - begin
        mentioned = sum(len(x.entities) for x in every[:size])
        unit = seconds / (mentioned * math.log2(mentioned)) * 1e6
        print(f"{size:>10}{len(graph.entities()):>10}{seconds:>9.2f}{unit:>16.3f}")


def rebuilding() -> None:
    """Print what a full build takes and what it takes after one change."""
    with tempfile.TemporaryDirectory() as name:
        sources, cache = Path(name, "sources"), Path(name, "cache")
        sources.mkdir()
        for number, text in enumerate(generated(SIZES[-1])):
            (sources / f"{number:05}.txt").write_text(text, encoding="utf-8")
        for shown in ("full build", "after one change"):
            begin = time.perf_counter()
            kg.build(sources, cache=cache)
            print(f"{shown:>18}: {time.perf_counter() - begin:.1f} s")
            (sources / "00007.txt").write_text("重庆市总工会举办了焊工培训班。", encoding="utf-8")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rebuild", action="store_true", help="measure the cache instead")
    rebuilding() if parser.parse_args().rebuild else merging()


if __name__ == "__main__":
    main()
