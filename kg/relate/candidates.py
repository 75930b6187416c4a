"""Pairs of arguments that may stand in a relation, and what can be observed about each pair."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.relate.clauses import Argument

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Span
    from kg.relate.assertion import Scope
    from kg.relate.clauses import Marks, Reading, Unit, View
    from kg.relate.subjects import Subjects

_WINDOW = 6  # words that count as near
_LITERAL = 6  # a stretch of so many words is also taken as a whole


@dataclass(frozen=True, slots=True)
class Candidate:
    """An ordered pair of arguments; `distance` is 0 within a sentence, else how many sentences back the carried one is.

    `anchor` is the argument that stands in the sentence where the other is carried from an earlier one.
    """

    head: Argument
    tail: Argument
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A word or an argument (then with its unit) of a view."""

    text: str
    span: Span
    unit: Unit | None = None


def words(reading: Reading, view: View, marks: Marks, text: str) -> list[Word]:
    """The words of a view: tokens of the sentence between the arguments, and each argument as the family of its class."""
    found: list[Word] = []
    tokens = iter(reading.sentence.tokens)
    token = next(tokens, None)
    run: list[int] = []
    last: Span | None = None
    for index, span in enumerate(view.origin):
        unit = view.units.get(index)
        if unit is not None:
            found.append(Word("<" + marks.family(unit.arguments[0].type) + ">", span, unit))
            last = None
            continue
        while token is not None and token.span.end <= span.begin:
            token = next(tokens, None)
        home = token.span if token is not None and token.span.begin <= span.begin else span
        if last == home and found:
            found[-1] = Word(found[-1].text + view.text[index], type(span)(found[-1].span.begin, span.end))
        else:
            found.append(Word(view.text[index], span))
        last = home
    return found
