"""Fuzz the readers and the pipeline with atheris: ``python bench/fuzz.py KIND [SECONDS]`` (pip install atheris).

KIND is the end of a file's name (``.html``), ``word/document.xml`` for the markup in a Word document, or ``pipeline``
for the whole way from bytes to a checked extraction. Beginnings are the files of ``tests/data/real``. Whatever comes in
must come out as documents or answered errors: another exception, or an input that takes longer than half a minute, is
written to the working folder and ends the run.
"""

from __future__ import annotations

import io
import logging
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from collections.abc import Callable

with atheris.instrument_imports(include=["kg", "pypdf", "docx", "trafilatura", "justext", "zipfile", "email"]):
    from kg.domain import Domain
    from kg.errors import SourceError
    from kg.model import Document
    from kg.pipeline import Pipeline
    from kg.read import Limits, Reader, Source

REAL = Path(__file__).parent.parent / "tests" / "data" / "real"
MARKUP = "word/document.xml"
# Small, so that what is too much is met soon.
LIMITS = Limits(file_size=1_000_000, length=20_000, expansion=5_000_000, members=200, pages=20, seconds=0)


def parts_of(data: bytes) -> dict[str, bytes]:
    """The files in an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def beginnings(kind: str) -> list[bytes]:
    """What fuzzing of `kind` starts from."""
    suffix = {MARKUP: ".docx", "pipeline": ".txt"}.get(kind, kind)
    found = [path.read_bytes() for path in sorted(REAL.glob(f"*{suffix}"))]
    return [parts_of(data)[MARKUP] for data in found] if kind == MARKUP else found


def target(kind: str) -> Callable[[bytes], None]:
    """What is done with each input."""
    domain = Domain.default()
    reader = Reader(domain, limits=LIMITS)
    pipeline = Pipeline(domain) if kind == "pipeline" else None
    around = parts_of((REAL / "report.docx").read_bytes()) if kind == MARKUP else {}
    name = {MARKUP: "a.docx", "pipeline": "a.txt"}.get(kind, f"a{kind}")

    def one(data: bytes) -> None:
        if kind == MARKUP:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                for part, content in around.items():
                    archive.writestr(part, data if part == MARKUP else content)
            data = out.getvalue()
        for item in reader.documents(Source((name,), 1, name, data=data or b" "), []):
            if isinstance(item, Document):
                str(item.text).encode()
                if pipeline and len(item.text) <= 2_000:  # noqa: PLR2004  (a longer one only takes longer)
                    pipeline.extract(item)
            elif not isinstance(item, SourceError) or "the program fails" in str(item):
                raise TypeError(item) from getattr(item, "__cause__", None)

    return one


def main() -> None:
    """Fuzz what the command line names."""
    logging.disable(logging.CRITICAL)
    kind, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "180"  # noqa: PLR2004
    corpus = Path(tempfile.mkdtemp(prefix="fuzz"))
    for at, data in enumerate(beginnings(kind)):
        (corpus / f"{at}").write_bytes(data)
    options = [
        f"-max_total_time={seconds}",
        "-timeout=30",
        "-rss_limit_mb=4096",
        "-max_len=40000",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", str(corpus)], target(kind))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
