"""A domain folder of one's own that is incomplete or contradicts itself is answered with the file and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.errors import DomainError

SHIPPED = Path(__file__).parent.parent / "ontology"


def domain_without(folder: Path, name: str, content: bytes | None) -> kg.Domain:
    """The domain that ships, but for the file `name`, which holds `content` or is not there."""
    for path in (p for p in SHIPPED.rglob("*") if p.is_file()):
        copy = folder / path.relative_to(SHIPPED)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if copy != folder / name:
            copy.symlink_to(path)
        elif content is not None:
            copy.write_bytes(content)
    return kg.Domain(folder)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("names.toml", None, "lacks this file"),
        ("names.toml", b"[short", "table declaration"),
        ("names.toml", b"[regions]", "'levels' is missing"),
        ("gazetteer/places.tsv", b"\xff\xfe", "utf-8"),
        ("tagger.crfsuite", b"no model", "not a tagger model"),
        ("encoder.onnx", b"no model", "not an encoder"),
        ("relations.crfsuite", b"no model", "not a relation model"),
        ("context.onnx", b"no model", "not a context model"),
    ],
)
def test_a_broken_file_is_named_with_the_reason(tmp_path, name, content, reason):
    with pytest.raises(DomainError, match=reason) as caught:
        kg.Pipeline(domain_without(tmp_path, name, content))

    assert str(tmp_path / name) in str(caught.value)


def test_a_frame_of_an_unknown_relation_is_named(tmp_path):
    frames = (SHIPPED / "frames.toml").read_text(encoding="utf-8").replace('relation = "funds"', 'relation = "praises"')

    with pytest.raises(DomainError, match="'funds' states 'praises', which the ontology lacks"):
        kg.Pipeline(domain_without(tmp_path, "frames.toml", frames.encode()))


def test_a_folder_without_an_ontology_is_no_domain(tmp_path, command):
    run = command("build", "-", "-o", tmp_path / "out", "--domain", tmp_path, stdin="重庆下雨。".encode())

    assert run.status == 2
    assert len(run.err.splitlines()) == 1
    assert "no ontology.ttl there" in run.err


def test_two_classes_may_be_below_each_other(tmp_path):
    ontology = (SHIPPED / "ontology.ttl").read_text(encoding="utf-8") + "\nkg:Agent rdfs:subClassOf kg:TradeUnion .\n"
    domain = domain_without(tmp_path, "ontology.ttl", ontology.encode())

    assert domain.is_a("Agent", "TradeUnion")
    assert domain.is_a("TradeUnion", "Agent")


def test_a_domain_does_without_a_context_model(tmp_path):
    text = kg.Document("a", "重庆市总工会与长安汽车联合举办职工技能竞赛，120人参赛。", "")

    extraction = kg.Pipeline(domain_without(tmp_path, "context.onnx", None)).extract(text)

    assert "organizes" in {f.relation for f in extraction.facts}
    assert [o.value for o in extraction.observations] == [120]
