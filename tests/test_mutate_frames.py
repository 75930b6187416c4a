"""Each frame earns its place: without it, or altered, one of its own examples comes out otherwise."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kg.domain import Domain
from kg.recognize.annotated import parse_annotated
from kg.relate.analysis import Analyst
from kg.relate.clauses import Marks
from kg.relate.frames import Frame, Frames
from kg.relate.train import entities_of
from kg.segment import Segmenter

DOMAIN = Domain.default()
FRAMES = {frame.id: frame for frame in Frames(DOMAIN, Marks(DOMAIN)).all}
LISTED = Path(__file__).parent / "data" / "frames.tsv"
MARK = re.compile(r"(?:\(\?P<(?:head|tail)>)?\[[\ue000-\uf8ff]+\]")
ANY_WORDS = r"[^。；\ue000-\uf8ff]{1,12}?"

Triple = tuple[str, str, str]


@cache
def tools() -> tuple[Segmenter, Analyst]:
    return Segmenter(DOMAIN), Analyst(DOMAIN)


def stated(frames: list[Frame], source: str) -> set[Triple]:
    """What `frames`, and no others, read off `source` as fact."""
    segment, analyst = tools()
    usual, analyst._frames.all = analyst._frames.all, frames
    try:
        annotated = parse_annotated(source, "d")
        return {
            (p.head.entity, p.frame.relation.name, p.tail.entity)
            for analysis in analyst(segment(annotated.document), entities_of(annotated, with_pronouns=True))
            for p in analysis.proposals
            if not any(s.span.covers(p.trigger) for s in analysis.scopes)
        }
    finally:
        analyst._frames.all = usual


def expected(frame: Frame, example: str) -> tuple[str, set[Triple]]:
    """The text of a positive example and what it states."""
    source, _, pairs = example.partition("⇒")
    ends = [[name.strip() for name in pair.split(">")] for pair in pairs.split(";")]
    return source.strip(), {(head, frame.relation.name, tail) for head, tail in ends}


def is_caught(frame: Frame, mutant: Frame) -> bool:
    """Whether an example of `frame` tells `mutant` from it."""
    positive = [expected(frame, example) for example in frame.positive]
    return any(stated([mutant], source) != triples for source, triples in positive) or any(
        stated([mutant], source) for source in frame.negative
    )


def trigger_of(pattern: str) -> tuple[int, int]:
    """Where the words of the trigger stand in `pattern`."""
    begin = at = pattern.index("(?P<trigger>") + len("(?P<trigger>")
    depth, is_set = 1, False
    while depth:
        if pattern[at] == "\\":
            at += 1
        elif is_set:
            is_set = pattern[at] != "]"
        else:
            is_set = pattern[at] == "["
            depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        at += 1
    return begin, at - 1


def loosened(frame: Frame) -> Frame:
    """`frame` with a trigger of any words; where its marks alone are the trigger, with any words between them."""
    pattern = frame.pattern.pattern
    begin, end = trigger_of(pattern)
    trigger = pattern[begin:end]
    loose = MARK.sub(lambda m: "[^。；]{0,8}?" * (m.start() > 0) + m[0], trigger) if "(?P<" in trigger else ANY_WORDS
    return replace(frame, pattern=re.compile(pattern[:begin] + loose + pattern[end:]))


def turned(frame: Frame) -> Frame:
    """`frame` with its two ends exchanged."""
    ends = {"head": "tail", "tail": "head", None: None}
    pattern = re.sub(r"\(\?P<(head|tail)>", lambda m: f"(?P<{ends[m[1]]}>", frame.pattern.pattern)
    return replace(frame, pattern=re.compile(pattern), carried=ends[frame.carried])


def test_frames_come_and_go_and_change_their_relation_on_purpose_only():
    listed = [tuple(line.split("\t")) for line in LISTED.read_text(encoding="utf-8").splitlines()]

    assert [(frame.id, frame.relation.name) for frame in FRAMES.values()] == listed


@pytest.mark.parametrize("frame", FRAMES.values(), ids=list(FRAMES))
def test_no_other_frames_read_all_that_it_reads(frame):
    others = [other for other in FRAMES.values() if other.id != frame.id]

    assert any(
        not triples <= stated(others, source) for source, triples in (expected(frame, e) for e in frame.positive)
    )


@pytest.mark.parametrize("mutate", [loosened, turned])
@pytest.mark.parametrize("frame", FRAMES.values(), ids=list(FRAMES))
def test_an_altered_frame_fails_an_example(frame, mutate):
    assert not is_caught(frame, frame)
    assert is_caught(frame, mutate(frame))
    if mutate is loosened:
        assert any(stated([loosened(frame)], source) for source in frame.negative), "no negative is a near miss"
