"""Each file of ``data/real``, as programs that people use write them: read as expected, or refused with the reason."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.domain import Domain
from kg.errors import SourceError
from kg.model import Document
from kg.pipeline import Pipeline
from kg.read import KINDS, read_sources
from kg.read.reading import CONTAINERS

DATA = Path(__file__).parent / "data"
EXPECTED = tomllib.loads((DATA / "real_expected.toml").read_text(encoding="utf-8"))
DOMAIN = Domain.default()


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(DOMAIN)


def test_every_file_has_its_expectation_and_every_kind_a_file():
    names = {path.name for path in (DATA / "real").iterdir()}
    assert names == set(EXPECTED["files"])
    kinds = {Path(name).suffix for name in names}
    assert {*KINDS, *CONTAINERS} - kinds <= {".markdown", ".mht", ".ndjson"}  # other names of kinds that are there


@pytest.mark.parametrize("name", sorted(EXPECTED["files"]))
def test_a_file_is_read_as_expected(pipeline, name):
    expected = EXPECTED["files"][name]
    items = list(read_sources([DATA / "real" / name], DOMAIN))
    documents = [item for item in items if isinstance(item, Document)]
    refusals = [item for item in items if isinstance(item, SourceError)]

    if "refused" in expected:
        assert any(expected["refused"] in str(refusal) for refusal in refusals), refusals
    else:
        assert not refusals
    assert len(documents) == expected.get("documents", 1 if "states" in expected else 0)
    for document in documents:
        assert document.encoding == expected["encoding"]
        facts, figures = stated(pipeline, document)
        for chosen in map(EXPECTED["sets"].get, expected["states"]):
            assert set(map(tuple, chosen["facts"])) <= facts
            assert set(map(tuple, chosen["figures"])) <= figures
        if expected.get("told"):
            told = document.metadata
            assert (told.title.value, told.publisher.value, told.date_published.value) == (
                "云江市总工会举办职工技能竞赛",
                "云江日报",
                "2024-11-05",
            )
            assert [editor.value for editor in told.editors] == ["付弋"]


def stated(pipeline: Pipeline, document: Document) -> tuple[set[tuple[str, ...]], set[tuple[object, ...]]]:
    found = pipeline.extract(document)
    names = {entity.id: entity.name for entity in found.entities}
    facts = {(names[f.head], f.relation, names[f.tail]) for f in found.facts}
    figures = {(names[o.about], o.measure, float(o.value), o.unit) for o in found.observations}
    return facts, figures
