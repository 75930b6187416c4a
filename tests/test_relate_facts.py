"""What a reader of relations sees: which facts a text states, which it does not, and the words that state them."""

from __future__ import annotations

from functools import cache

import pytest

from kg.domain import Domain
from kg.model import Entity, Fact
from kg.recognize.annotated import Annotated, parse_annotated
from kg.relate import RelationExtractor
from kg.relate.analysis import Analyst
from kg.relate.clauses import Marks
from kg.relate.frames import Frame, Frames
from kg.relate.train import entities_of
from kg.segment import Segmenter

DOMAIN = Domain.default()
FRAMES = {frame.id: frame for frame in Frames(DOMAIN, Marks(DOMAIN)).all}


@cache
def segmenter() -> Segmenter:
    return Segmenter(DOMAIN)


@cache
def analyst() -> Analyst:
    return Analyst(DOMAIN)


@cache
def extractor(*, learned: bool = True, unasserted: bool = False) -> RelationExtractor:
    return RelationExtractor(DOMAIN, learned=learned, unasserted=unasserted)


def read(source: str) -> tuple[Annotated, tuple[Entity, ...]]:
    """An annotated text and its entities; a place or company that begins a longer name is a mention of its own."""
    annotated = parse_annotated(source, "d")
    return annotated, entities_of(annotated, with_pronouns=True)


def facts(source: str, *, learned: bool = True, unasserted: bool = False) -> list[Fact]:
    annotated, entities = read(source)
    return list(extractor(learned=learned, unasserted=unasserted)(segmenter()(annotated.document), entities))


def triples(source: str, *, learned: bool = True) -> set[tuple[str, str, str]]:
    return {(f.head, f.relation, f.tail) for f in facts(source, learned=learned)}


def stated_by(frame: Frame, source: str) -> set[tuple[str, str]]:
    """The pairs of names that `frame` alone reads off `source` as fact."""
    annotated, entities = read(source)
    found = set()
    for analysis in analyst()(segmenter()(annotated.document), entities):
        for p in analysis.proposals:
            if p.frame.id == frame.id and not any(s.span.covers(p.trigger) for s in analysis.scopes):
                found.add((p.head.entity, p.tail.entity))
    return found


@pytest.mark.parametrize(
    ("name", "example"), [(n, e) for n, f in FRAMES.items() for e in f.positive], ids=lambda value: value[:40]
)
def test_frame_reads_its_positive_examples(name: str, example: str):
    source, _, stated = example.partition("⇒")
    expected = {tuple(part.strip() for part in pair.split(">")) for pair in stated.split(";")}

    assert stated_by(FRAMES[name], source.strip()) == expected


@pytest.mark.parametrize(
    ("name", "example"), [(n, e) for n, f in FRAMES.items() for e in f.negative], ids=lambda value: value[:40]
)
def test_frame_passes_over_its_near_misses(name: str, example: str):
    assert stated_by(FRAMES[name], example) == set()


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_has_examples_of_both_kinds(name: str):
    assert FRAMES[name].positive
    assert FRAMES[name].negative
