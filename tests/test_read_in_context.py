"""What is read in context: the network computes what it should, and its say shows in facts and figures."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from kg.domain import Domain
from kg.model import Document, Entity, Mention, Span
from kg.recognize import QuantityRecognizer
from kg.relate.attachment import Option
from kg.relate.candidates import Candidate
from kg.relate.clauses import Argument
from kg.relate.context import ContextReader
from kg.relate.context_fields import FIELDS, RELATIONS, TRAITS, Families, characters
from kg.relate.context_graph import write
from kg.segment import Segmenter

SHIPPED = Path(__file__).parent.parent / "ontology"
DOMAIN = Domain.default()
TEXT = "甲厂与乙校合作。\n乙校培训职工30人。"
UNITS, SIZE, WIDTH = 2, 3, 2
LABELS = ("-", "cooperatesWith", "partOf")


def mention(text, kind, name="name"):
    begin = TEXT.index(text)
    return Mention("a", Span(begin, begin + len(text)), text, kind, name, "", 1.0)


def again(one, text):
    begin = TEXT.rindex(text)
    return Mention("a", Span(begin, begin + len(text)), text, one, "name", "", 1.0)


FACTORY = Entity("e1", "Company", "甲厂", (), (mention("甲厂", "Company"),))
SCHOOL = Entity("e2", "School", "乙校", (), (mention("乙校", "School"), again("School", "乙校")))
CUT = Segmenter(DOMAIN)(Document("a", TEXT, ""))
QUANTITIES = QuantityRecognizer(DOMAIN)(CUT)


def fields_of(text, entities=(FACTORY, SCHOOL)):
    read = characters(CUT, entities, QUANTITIES, Families(DOMAIN))
    rows = [row for block in read.blocks for row in block]
    at = int(read.row[TEXT.rindex(text)]) - 1
    return dict(zip(FIELDS, rows[at], strict=True))


def test_each_character_knows_what_it_is_part_of():
    assert fields_of("甲")["mention"] == "B-Company"
    assert fields_of("厂")["mention"] == "I-Company"
    assert fields_of("厂")["kind"] == "name"
    assert fields_of("30")["quantity"] == "B-people"
    assert fields_of("乙")["sentence"] == "B"
    assert fields_of("合")["mention"] == ""


def test_a_name_within_a_name_is_told_apart():
    inner = Entity("e3", "Place", "乙", (), (mention("乙", "Place"),))

    read = characters(CUT, [FACTORY, SCHOOL, inner], QUANTITIES, Families(DOMAIN))
    row = dict(zip(FIELDS, read.blocks[0][TEXT.index("乙")], strict=True))

    assert (row["mention"], row["nested"]) == ("B-School", "B-Place")


@pytest.fixture(scope="module")
def arrays():
    draw = np.random.default_rng(7)
    told = len(TRAITS) * WIDTH, len(RELATIONS) * WIDTH
    shapes = {
        **{f"keys.{name}": (3, WIDTH) for name in FIELDS},
        **{f"traits.table.{name}": (3, WIDTH) for name in TRAITS},
        **{f"pairs.table.{name}": (3, WIDTH) for name in RELATIONS},
        "layer1.input": (2, 3 * UNITS, WIDTH * len(FIELDS)),
        "layer2.input": (2, 3 * UNITS, 2 * UNITS),
        **{f"layer{at}.state": (2, 3 * UNITS, UNITS) for at in (1, 2)},
        **{f"layer{at}.bias": (2, 6 * UNITS) for at in (1, 2)},
        "nowhere": (1, SIZE),
        **dict.fromkeys(("state", "around"), (4 * UNITS, SIZE)),
        **{f"{name}.bias": (SIZE,) for name in ("state", "around")},
        "choose1": (4 * SIZE + told[0], 5), "choose1.bias": (5,), "choose2": (5, 1), "choose2.bias": (1,),
        "relate1": (7 * SIZE + told[1], 5), "relate1.bias": (5,),
        "relate2": (5, len(LABELS)), "relate2.bias": (len(LABELS),),
    }  # fmt: skip
    return {name: draw.standard_normal(shape).astype(np.float16).astype(float) for name, shape in shapes.items()}


@pytest.fixture(scope="module")
def reader(arrays, tmp_path_factory):
    """A reader with made-up weights, beside what else the domain holds."""
    folder = tmp_path_factory.mktemp("domain")
    for path in SHIPPED.iterdir():
        if path.name != "context.onnx":
            (folder / path.name).symlink_to(path)
    keys = {
        "keys": {name: ["B", "B-Company"] for name in FIELDS} | {"character": ["甲", "校"]},
        "traits": {name: ["Company", "School"] for name in TRAITS},
        "pairs": {name: ["Company", "School"] for name in RELATIONS},
    }
    write(folder / "context.onnx", keys, LABELS, arrays)
    return ContextReader(Domain(folder))


def option(entity, features):
    return Option(entity, entity.mentions[0] if entity else None, features)


OPTIONS = [option(None, ("0", "0 9")), option(FACTORY, ("Company", "q1")), option(SCHOOL, ("School", "c"))]


def softmax(scores):
    powers = [math.exp(s) for s in scores]
    return [p / sum(powers) for p in powers]


def test_what_a_number_is_about_is_computed_from_the_ends_of_both(reader, arrays):
    context = reader(CUT, [FACTORY, SCHOOL], QUANTITIES)
    rows = np.concatenate([arrays["nowhere"], context.states])
    begin, last = (1 + len("甲厂与乙校合作。乙校培训职工") + offset for offset in (0, 1))
    number = np.concatenate([rows[begin], rows[last]])

    scores = []
    for ends, kind in (((0, 0), 0), ((1, 2), 1), ((4, 5), 2)):
        told = [arrays[f"traits.table.{name}"][kind if name == "class" else 0] for name in TRAITS]
        given = np.concatenate([number, rows[ends[0]], rows[ends[1]], *told])
        hidden = np.maximum(given @ arrays["choose1"] + arrays["choose1.bias"], 0)
        scores.append((hidden @ arrays["choose2"] + arrays["choose2.bias"]).item())

    assert context.choose(QUANTITIES[0], OPTIONS) == pytest.approx(softmax(scores), abs=1e-4)


def test_a_pair_is_computed_from_its_ends_and_from_what_stands_beside_it(reader):
    context = reader(CUT, [FACTORY, SCHOOL], QUANTITIES)
    head, tail = (Argument(e.mentions[0].span, e.id, e.type, e.name) for e in (FACTORY, SCHOOL))

    found = context.relate([Candidate(head, tail), Candidate(tail, head)])

    assert [list(shares) for shares in found] == [list(LABELS)] * 2
    assert [sum(shares.values()) for shares in found] == pytest.approx([1, 1])
    assert found[0] != pytest.approx(found[1])
    assert context.relate([Candidate(tail, head)])[0] == pytest.approx(found[1], abs=1e-5)


def test_a_reader_of_nothing_says_nothing(reader):
    context = reader(Segmenter(DOMAIN)(Document("a", "", "")), (), ())

    assert context.states.shape[0] == 0
    assert context.relate([]) == []
