"""Quantities → observations: which entity a number is about, what it measures, when it held, whether it is planned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.model import Evidence, Mark, Modality, Observation, Span
from kg.relate.assertion import Assertion
from kg.relate.attachment import Option, options
from kg.relate.choice import ChoiceModel
from kg.relate.measures import Measures
from kg.relate.scene import Decision, Scene, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Entity
    from kg.recognize.quantities import Quantity
    from kg.recognize.times import TimeExpression
    from kg.segment import Segmentation, Sentence

RULE = "attachment"
_DOUBT = 0.5  # a number more likely no figure than this is left out


class ObservationExtractor:
    """Attaches quantities to entities, in text order, by the weights of ``attachment.tsv``.

    >>> from kg.domain import Domain
    >>> from kg.model import Document, Entity, Mention
    >>> from kg.recognize.quantities import QuantityRecognizer
    >>> from kg.recognize.times import TimeRecognizer
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> cut = Segmenter(domain)(Document("a", "去年，重庆工匠学院培训职工13.1万人次。", ""))
    >>> academy = Mention("a", Span(3, 9), "重庆工匠学院", "School", "name", "", 1.0)
    >>> entity = Entity("e1", "School", "重庆工匠学院", (), (academy,))
    >>> found = ObservationExtractor(domain)(cut, [entity], QuantityRecognizer(domain)(cut), TimeRecognizer(domain)(cut))
    >>> [(o.about, o.measure, str(o.value), o.unit, o.period) for o in found]
    [('e1', '职工', '131000', '人次', '去年')]
    """

    def __init__(self, domain: Domain) -> None:
        self._model = ChoiceModel.of_rows(domain.rows("attachment.tsv"))
        self._surroundings = Surroundings(domain)
        self._measures = Measures(domain)
        self._assertion = Assertion(domain)
        self._periods = Periods(domain)

    def __call__(
        self,
        segmentation: Segmentation,
        entities: Sequence[Entity],
        quantities: Sequence[Quantity],
        times: Sequence[TimeExpression],
    ) -> tuple[Observation, ...]:
        """The observations of a document in text order, called ``o1``, ``o2``, …"""
        scene = Scene(segmentation, entities, quantities, times, surroundings=self._surroundings)
        found: list[Observation] = []
        measure = ""
        for quantity, option, probability in attach(scene, self._model):
            observation = self._observation(scene, quantity, option, probability, f"o{len(found) + 1}", measure, times)
            measure = observation.measure
            found.append(observation)
        return tuple(found)

    def _observation(
        self,
        scene: Scene,
        quantity: Quantity,
        option: Option,
        probability: float,
        name: str,
        carried: str,
        times: Sequence[TimeExpression],
    ) -> Observation:
        text = scene.text
        sentence = scene.segmentation.sentence_at(quantity.number.begin)
        if sentence is None or option.entity is None or option.mention is None:
            raise AssertionError(name)
        period = self._periods.of(text, quantity, sentence, times)
        measure = self._measures(text, quantity, sentence, scene.mentions_of(sentence))
        words = measure.of(text) if isinstance(measure, Span) else (measure or carried or option.entity.name)
        places = {
            "number": quantity.number,
            "unit": quantity.unit_span,
            "about": option.mention.span,
            "measure": measure if isinstance(measure, Span) else None,
            "period": period,
        }
        marks = [Mark(role, span) for role, span in places.items() if span and sentence.span.covers(span)]
        marks.sort(key=lambda m: m.span)
        quote = sentence.span.of(text)
        evidence = Evidence(
            scene.segmentation.document.id, sentence.span, quote, tuple(marks), RULE, round(probability, 3)
        )
        return Observation(
            name,
            option.entity.id,
            words,
            quantity.value,
            quantity.unit,
            quantity.qualifier,
            period.of(text) if period else None,
            self._modality(text, quantity, sentence),
            quantity.surface,
            (evidence,),
            quantity.minimum,
            quantity.maximum,
        )

    def _modality(self, text: str, quantity: Quantity, sentence: Sentence) -> Modality | None:
        """Planned where the number stands in the scope of a word of plan, wish or condition."""
        scopes = self._assertion.scopes(text, sentence)
        is_planned = any(s.modality == "planned" and s.span.covers(quantity.number) for s in scopes)
        return "planned" if is_planned else None


def attach(scene: Scene, model: ChoiceModel) -> Iterator[tuple[Quantity, Option, float]]:
    """The quantities of `scene` that are figures, each with what it is about and how likely that is."""
    for quantity in scene.quantities:
        offered = options(scene, quantity)
        if len(offered) == 1:  # nothing in reach
            continue
        probabilities = model.probabilities([o.features for o in offered])
        best = max(range(1, len(offered)), key=lambda i: (probabilities[i], -i))
        entity = offered[best].entity
        if probabilities[0] <= _DOUBT and entity is not None:
            scene.decisions.append(Decision(quantity, entity))
            yield quantity, offered[best], probabilities[best]


class Periods:
    """Finds when a figure held: the nearest time words of its sentence."""

    def __init__(self, domain: Domain) -> None:
        self._base = re.compile(domain.toml("times.toml")["evidence"]["base"])

    def of(self, text: str, quantity: Quantity, sentence: Sentence, times: Sequence[TimeExpression]) -> Span | None:
        """The time words nearest before the number, else the first behind it in its clause."""
        clause = next(c for c in sentence.clauses if quantity.number.begin < c.end)
        here = [
            t.span
            for t in times
            if sentence.span.covers(t.span)
            and t.kind != "clock"
            and not t.span.overlaps(quantity.number)
            and not self._base.search(text, sentence.span.begin, t.span.begin)
        ]
        before = [s for s in here if s.end <= quantity.number.begin]
        behind = [s for s in here if quantity.number.end <= s.begin < clause.end]
        return before[-1] if before else (behind[0] if behind else None)
