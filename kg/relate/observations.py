"""Quantities → observations: which entity a number is about, what it measures, when it held, whether it is planned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Evidence, Mark, Modality, Observation, Span
from kg.relate.assertion import Assertion
from kg.relate.attachment import options
from kg.relate.choice import ChoiceModel, pooled
from kg.relate.comparisons import Comparisons
from kg.relate.measures import Measures
from kg.relate.scene import Decision, Scene, Surroundings
from kg.relate.tabular import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.model import Entity, Mention
    from kg.recognize.quantities import Quantity
    from kg.recognize.times import TimeExpression
    from kg.relate.context import Context
    from kg.segment import Segmentation, Sentence

RULE, RULE_TABLE = "attachment", "table"
_SURE = 0.95  # that a number in a table is about what its row or column names
_PASSING = frozenset({"deictic", "recurring"})  # times that hold up to the next semicolon only
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
    >>> quantities, times = QuantityRecognizer(domain)(cut), TimeRecognizer(domain)(cut)
    >>> found = ObservationExtractor(domain)(cut, [entity], quantities, times)
    >>> [(o.about, o.measure, str(o.value), o.unit, o.period) for o in found]
    [('e1', '职工', '131000', '人次', '去年')]
    """

    def __init__(self, domain: Domain) -> None:
        self._model = ChoiceModel.of_rows(domain.rows("attachment.tsv"))
        self._share: float = domain.toml("attachment.toml")["context"]["share"]
        self._surroundings = Surroundings(domain)
        self._measures = Measures(domain)
        self._assertion = Assertion(domain)
        self._periods = Periods(domain)
        self._comparisons = Comparisons(domain)

    def __call__(
        self,
        segmentation: Segmentation,
        entities: Sequence[Entity],
        quantities: Sequence[Quantity],
        times: Sequence[TimeExpression],
        context: Context | None = None,
    ) -> tuple[Observation, ...]:
        """The observations of a document in text order, called ``o1``, ``o2`` and so on; `context` has its say."""
        scene = Scene(segmentation, entities, quantities, times, surroundings=self._surroundings)
        found: list[Observation] = []
        last: Figure | None = None
        tabular = Tabular(segmentation.document.cells)
        for figure in attach(scene, self._model, tabular, context, self._share):
            carried = found[-1].measure if last and last.sentence is figure.sentence else ""
            found.append(self._observation(f"o{len(found) + 1}", scene, figure, carried, tabular))
            last = figure
        return tuple(found)

    def _observation(self, name: str, scene: Scene, figure: Figure, carried: str, tabular: Tabular) -> Observation:
        """The observation that `figure` makes; a clause that names no measure carries on the one before it."""
        text, quantity, sentence = scene.text, figure.quantity, figure.sentence
        measure = tabular.measure(text, quantity, figure.mention) or self._measures(
            text, quantity, sentence, scene.mentions_of(sentence)
        )
        place = measure if isinstance(measure, Span) else None
        change, base = self._comparisons(text, quantity, sentence)
        mentions = scene.mentions_of(sentence)
        named = [m.span for m in mentions]
        period = self._periods.of(text, quantity, sentence, scene.times, named=named, base=base or "")
        words = place.of(text) if place else (measure if isinstance(measure, str) else carried)
        parts = {
            "number": quantity.number,
            "unit": quantity.unit_span,
            "about": figure.mention.span,
            "measure": place,
            "period": period.span if period else None,
        }
        return Observation(
            id=name,
            about=figure.entity.id,
            measure=words or figure.entity.name,
            value=quantity.value,
            unit=quantity.unit,
            qualifier=quantity.qualifier,
            period=period.text if period else None,
            modality=self._modality(text, quantity, sentence),
            surface=quantity.surface,
            evidence=(_evidence(scene, figure, parts, RULE_TABLE if tabular.cell(quantity.number) else RULE),),
            minimum=quantity.minimum,
            maximum=quantity.maximum,
            interval=period.interval if period else None,
            change=change,
            base=base,
        )

    def _modality(self, text: str, quantity: Quantity, sentence: Sentence) -> Modality | None:
        """Planned where the number stands in the scope of a word of plan, wish or condition."""
        scopes = self._assertion.scopes(text, sentence)
        is_planned = any(s.modality == "planned" and s.span.covers(quantity.number) for s in scopes)
        return "planned" if is_planned else None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the entity it is about, the mention that speaks for it, and how likely it is that."""

    quantity: Quantity
    sentence: Sentence
    entity: Entity
    mention: Mention
    probability: float


def attach(
    scene: Scene,
    model: ChoiceModel,
    tabular: Tabular | None = None,
    context: Context | None = None,
    share: float = 0.0,
) -> Iterator[Figure]:
    """The figures of `scene` in text order; each is seen by those that follow. Those of tables are what these say."""
    tabular = tabular or Tabular(scene.segmentation.document.cells)
    for quantity in scene.quantities:
        sentence = scene.segmentation.sentence_at(quantity.number.begin)
        if tabular.is_nameless(quantity.number):
            continue
        if sentence and (told := tabular.about(scene, quantity)):
            scene.decisions.append(Decision(quantity, told[0]))
            yield Figure(quantity, sentence, *told, _SURE)
            continue
        offered = options(scene, quantity)
        probabilities = model.probabilities([o.features for o in offered])
        if context:
            probabilities = pooled(probabilities, context.choose(quantity, offered), share)
        best = max(range(len(offered)), key=lambda i: (i > 0, probabilities[i], -i))
        entity, mention = offered[best].entity, offered[best].mention
        if probabilities[0] <= _DOUBT and sentence and entity and mention:
            scene.decisions.append(Decision(quantity, entity))
            yield Figure(quantity, sentence, entity, mention, probabilities[best])


def _evidence(scene: Scene, figure: Figure, parts: Mapping[str, Span | None], rule: str) -> Evidence:
    """The sentence, with those of `parts` marked that stand in it."""
    sentence = figure.sentence.span
    marks = [Mark(role, span) for role, span in parts.items() if span and sentence.covers(span)]
    marks.sort(key=lambda m: m.span)
    document = scene.segmentation.document
    return Evidence(document.id, sentence, sentence.of(document.text), tuple(marks), rule, round(figure.probability, 3))


class Periods:
    """Finds when a figure held: the nearest time words of its sentence."""

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("times.toml")["evidence"]
        self._base = re.compile(table["base"])
        self._parted = re.compile(table["parted"])

    def of(
        self,
        text: str,
        quantity: Quantity,
        sentence: Sentence,
        times: Sequence[TimeExpression],
        *,
        named: Sequence[Span] = (),
        base: str = "",
    ) -> TimeExpression | None:
        """The time words nearest before the number, else the first behind it in its clause.

        Those within a name (`named`) belong to the name, those within the `base` of a comparison to that. What only
        says that it is so now holds for the clauses up to the next stop of any weight.
        """
        clause = next(c for c in sentence.clauses if quantity.number.begin < c.end)
        here = [
            t
            for t in times
            if sentence.span.covers(t.span)
            and t.kind != "clock"
            and not t.span.overlaps(quantity.number)
            and not self._base.search(text, sentence.span.begin, t.span.begin)
            and not (base and t.text in base)
            and not any(n.covers(t.span) for n in named)
            and not (t.kind in _PASSING and self._parted.search(text, t.span.end, quantity.number.begin))
        ]
        before = [t for t in here if t.span.end <= quantity.number.begin]
        behind = [t for t in here if quantity.number.end <= t.span.begin < clause.end]
        return before[-1] if before else (behind[0] if behind else None)
