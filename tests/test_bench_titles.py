"""The bench of posts: who holds which post where."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.domain import Domain
from kg.model import Extraction
from kg.recognize.annotated import parse_annotated
from kg.relate import RelationExtractor
from kg.relate.train import entities_of
from kg.segment import Segmenter

BENCH = runpy.run_path(str(Path(__file__).parent.parent / "bench" / "title_triples.py"))
DOMAIN = Domain.default()
TEXT = (
    "【湘潭大学|School】【校长|Role】【覃冬|Person】和【沈一|Person】、"
    "【南宁市|Place】【市长|Role】【全樱|Person】到场。"
)


@pytest.fixture(scope="module")
def reading():
    """The text above, read by the frames alone from names that are given."""

    def extract(source: str) -> Extraction:
        annotated = parse_annotated(source)
        entities = entities_of(annotated, with_pronouns=True)
        facts = RelationExtractor(DOMAIN, learned=False)(Segmenter(DOMAIN)(annotated.document), entities)
        return Extraction(annotated.document, entities, facts, ())

    return BENCH["Reading"](SimpleNamespace(extract=extract, domain=DOMAIN), TEXT)


@pytest.mark.parametrize(
    ("organization", "title", "person", "found"),
    [
        ("湘潭大学", "校长", "覃冬", (True, True)),
        ("湖南湘潭大学", "校长", "覃冬", (False, True)),
        ("南宁市", "市长", "全樱", (True, True)),
        ("湘潭大学", "校长", "沈一", (False, False)),
        ("湘潭大学", "市长", "全樱", (False, False)),
    ],
)
def test_a_post_is_found_where_the_person_holds_it_there(reading, organization, title, person, found):
    post = BENCH["Post"](organization, title, person)

    assert (reading.states(post, strictly=True), reading.states(post, strictly=False)) == found


@pytest.mark.parametrize(
    ("organization", "title", "person", "fault"),
    [
        ("湘潭大学", "校长", "无人", "person: not found"),
        ("湘潭大学", "校长", "覃冬冬", "person: edges"),
        ("成飞", "校长", "覃冬", "organization: not found"),
        ("湖南湘潭大学", "校长", "覃冬", "organization: edges"),
        ("湘潭大学", "书记", "覃冬", "role: not found"),
        ("湘潭大学", "副校长", "覃冬", "role: edges"),
        ("湘潭大学", "校长", "沈一", "relation: both"),
    ],
)
def test_a_miss_is_laid_to_the_first_thing_that_went_wrong(reading, organization, title, person, fault):
    assert reading.fault(BENCH["Post"](organization, title, person)) == fault
