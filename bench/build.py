"""What a build takes, stage by stage, beside jieba.posseg on the same text in the same run: ``make bench``.

Documents are generated from ``seeds/`` and the texts of ``seeds/annotated``: places are exchanged for others of the
same level, and digits for others, by a fixed seed, so that names grow in number with the documents. Every part runs in
a process of its own, whose peak of memory is told, on one thread but for ``kg build --jobs 2``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # as jieba has; read when the libraries are loaded
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = (10, 100, 1000)
_LEVELS = ("county", "city", "city-short")  # of the gazetteer
_TAGGED = 200_000  # characters that jieba tags, at most: its speed does not depend on more


def generate(folder: Path, count: int) -> None:
    """Write `count` documents to `folder`."""
    from kg.domain import Domain
    from kg.recognize.annotated import read_annotated

    draw = random.Random(count)  # noqa: S311  (the same documents each time)
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    texts += [read_annotated(path).document.text for path in sorted((ROOT / "seeds" / "annotated").glob("*.ann"))]
    levels: dict[str, list[str]] = {}
    for name, level, _ in Domain.default().rows("gazetteer/places.tsv"):
        levels.setdefault(level, []).append(name)
    alike = {name: levels[level] for level in _LEVELS for name in levels[level]}
    place = re.compile("|".join(sorted(map(re.escape, alike), key=len, reverse=True)))
    for number in range(count):
        text = texts[number % len(texts)]
        if number >= len(texts):
            meant = {name: draw.choice(alike[name]) for name in sorted(set(place.findall(text)))}
            for name, other in meant.items():
                text = text.replace(name, other)
            text = "".join(str(draw.randint(1, 9)) if c in "123456789" else c for c in text)
        (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")


def stages(folder: Path) -> dict[str, float]:
    """The seconds of each stage over the documents in `folder`, and what came of it."""
    taken: dict[str, float] = {}

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        taken[stage] = time.perf_counter() - begin

    from kg.domain import Domain
    from kg.export import FORMATS
    from kg.merge import merge
    from kg.pipeline import Pipeline
    from kg.rdf import open_graph, query
    from kg.read import read_sources
    from kg.recognize import Recognizer
    from kg.segment import Segmenter

    domain = Domain.default()
    with timed("load"):
        pipeline, recognize, segment = Pipeline(domain), Recognizer(domain), Segmenter(domain)
    with timed("read"):
        documents = [item for item in read_sources([folder], domain) if not isinstance(item, Exception)]
    taken["documents"], taken["characters"] = len(documents), sum(len(d.text) for d in documents)
    recognize(segment(documents[0]))
    with timed("recognize"):
        for document in documents:
            recognize(segment(document))
    with timed("extract"):
        extractions = [pipeline.extract(document) for document in documents]
    with timed("merge"):
        graph = merge(extractions, domain)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        for kind, form in FORMATS.items():
            with timed(f"write {kind}"):
                form.write(graph, out / form.file)
        with timed("open for queries"):
            opened = open_graph(out / FORMATS["turtle"].file)
        with timed("query"):
            query(opened, "SELECT ?c (COUNT(?x) AS ?n) { ?x a ?c ; skos:prefLabel ?l } GROUP BY ?c")
    taken["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return taken


def tagging(folder: Path) -> dict[str, float]:
    """What jieba.posseg takes for the same text, by character."""
    import jieba
    import jieba.posseg

    jieba.setLogLevel(60)
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))[:_TAGGED]
    list(jieba.posseg.cut(text[:1000]))
    begin = time.perf_counter()
    for line in text.splitlines():
        list(jieba.posseg.cut(line))
    return {"seconds": time.perf_counter() - begin, "characters": len(text)}


def whole(folder: Path, jobs: int) -> dict[str, float]:
    """What the command takes from sources to Turtle and page, and the memory of its largest process."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "kg", "build", str(folder), "-o", out, "-q", "--format", "turtle,html"]
        begin = time.perf_counter()
        subprocess.run([*command, "--jobs", str(jobs)], cwd=ROOT, check=True)  # noqa: S603
        seconds = time.perf_counter() - begin
    return {"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


PARTS: dict[str, Callable[[Path], dict[str, float]]] = {
    "tagging": tagging,
    "whole1": partial(whole, jobs=1),
    "whole2": partial(whole, jobs=2),
    "stages": stages,
}


def measured(size: int, parts: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """All figures of one size, each part in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        generate(Path(name), size)
        found = {}
        for part in parts:
            command = [sys.executable, __file__, "--part", part, name]
            found[part] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603
        return found


def show(size: int, found: dict[str, dict[str, float]]) -> None:
    """Print a table of one size; the unit is the time that jieba.posseg takes for the same text."""
    tagged, told = found["tagging"], found["stages"]
    characters = told["characters"]
    unit = tagged["seconds"] / tagged["characters"] * characters
    print(f"\n#### {size:,} documents, {characters:,.0f} characters\n")
    print("| | seconds | jieba.posseg = 1 | memory, MiB |\n|---|---:|---:|---:|")
    print(f"| jieba.posseg | {unit:.1f} | 1.00 | |")
    for jobs in (1, 2):
        seconds, memory = (found[f"whole{jobs}"][key] for key in ("seconds", "memory"))
        print(f"| `kg build --jobs {jobs}`, start to end | {seconds:.1f} | {seconds / unit:.2f} | {memory:.0f} |")
    print(f"| its stages by themselves: | | | {told['memory']:.0f} |")
    for stage, seconds in told.items():
        if stage not in {"documents", "characters", "memory"}:
            print(f"| {stage} | {seconds:.2f} | {seconds / unit:.2f} | |")


def main() -> None:
    """Print the tables, or as JSON the figures of one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=lambda s: tuple(map(int, s.split(","))), default=SIZES)
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("folder", nargs="?", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        print(json.dumps(PARTS[given.part](given.folder)))
        return
    for size in given.sizes:
        show(size, measured(size, tuple(PARTS)))


if __name__ == "__main__":
    main()
