"""What pronouns and bare nouns stand for: the most salient entity before them that fits."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Any

from kg.model import Mention, Span
from kg.resolve.anaphora import Anaphor, Anaphora
from kg.resolve.callings import Callings
from kg.resolve.discourse import Discourse
from kg.resolve.speakers import Quotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.domain import Domain
    from kg.model import MentionKind
    from kg.resolve.aliases import Name
    from kg.resolve.discourse import Antecedent, Referent
    from kg.resolve.regions import Regions
    from kg.resolve.speakers import Quotation
    from kg.segment import Segmentation

_CONTEXT = 60  # antecedents looked at for one anaphor, at most
_PERSON = "Person"


class Coreference:
    """Attaches anaphors to the entities they stand for, by the words and weights of ``anaphora.toml``.

    An anaphor that two entities fit about as well is left alone.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.resolve.aliases import Name
    >>> from kg.resolve.regions import Regions
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> cut = Segmenter(domain)(Document("d", "李明是焊工。他今年30岁。", ""))
    >>> name = Name("李明", "李明", "Person", 0)
    >>> name.mentions.append(Mention("d", Span(0, 2), "李明", "Person", "name", "x", 1.0))
    >>> [(m.text, m.rule, full.text) for m, full in Coreference(domain, Regions(domain))(cut, [name])]
    [('他', 'third', '李明')]
    """

    def __init__(self, domain: Domain, regions: Regions) -> None:
        table = domain.toml("anaphora.toml")
        self.regions = regions
        self.anaphora = Anaphora(domain)
        self.callings = Callings(domain)
        self.quotations = Quotations(domain)
        self.salience: dict[str, Any] = table["salience"]
        self.oblique, self.modifier = tuple(self.salience["oblique"]), tuple(self.salience["modifier"])
        self.colons = tuple(self.salience["colons"])
        self.sexes: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
            (pronoun, tuple(words["before"]), tuple(words["after"]))
            for pronoun, words in sorted(table["sexes"].items())
        ]
        self.loose = frozenset((cls, word) for cls, words in table["heads"].items() for word in words["any"])

    def __call__(self, segmentation: Segmentation, names: Sequence[Name]) -> list[tuple[Mention, Name]]:
        """The anaphors of a document that can be told, as mentions, each with the full name of its entity.

        A new name that the text gives somebody or something spoken of is among them, as an alias.
        """
        return _Reading(self, segmentation, names).resolve()


class _Reading:
    """One document as it is read from its beginning to its end."""

    def __init__(self, rules: Coreference, cut: Segmentation, names: Sequence[Name]) -> None:
        self._rules, self._cut = rules, cut
        quotations = list(rules.quotations(cut))
        self._discourse = Discourse(cut, names, quotations, rules.oblique, rules.modifier)
        self._referents = self._discourse.referents
        self._text = self._discourse.text
        self._sex = [self._stated_sex(referent) for referent in self._referents]
        lines = {block.span for block in cut.blocks}
        self._signs = [any(m.span in lines for n in r.names for m in n.mentions) for r in self._referents]
        self._found: list[tuple[Mention, Name]] = []

    def resolve(self) -> list[tuple[Mention, Name]]:
        """Third persons outside quotations first, for they tell who speaks in them."""
        quoted = []
        types = {m.span: n.type for r in self._referents for n in r.names for m in n.mentions}
        anaphors = self._rules.anaphora(self._cut, self._discourse.covered)
        called = self._rules.callings(self._text, types)
        for anaphor in sorted([*anaphors, *called], key=lambda a: a.span):
            quotation = self._discourse.quotation(anaphor.span.begin)
            if anaphor.kind == "called":
                self._attach(anaphor, self._called(anaphor))
            elif quotation >= 0:
                quoted.append((anaphor, quotation))
            elif anaphor.kind == "first":
                self._attach(anaphor, self._labelled(anaphor))
            else:
                self._attach(anaphor, self._choose(anaphor, None))
        speakers: dict[int, int | None] = {}
        for anaphor, quotation in quoted:
            if quotation not in speakers:
                speakers[quotation] = self._speaker(self._discourse.quotations[quotation])
            speaker = speakers[quotation]
            self._attach(anaphor, speaker if anaphor.kind == "first" else self._choose(anaphor, speaker))
        return self._found

    def _attach(self, anaphor: Anaphor, referent: int | None) -> None:
        if referent is None:
            return
        span, root = anaphor.span, self._referents[referent].root
        words = span.of(self._text)
        if anaphor.kind == "third" and not self._sex[referent]:
            self._sex[referent] = words
        confidence = self._rules.salience["confidence"][anaphor.kind]
        kind: MentionKind = "alias" if anaphor.kind == "called" else "pronoun"
        mention = Mention(self._cut.document.id, span, words, root.type, kind, anaphor.kind, confidence)
        self._found.append((mention, root))
        self._discourse.point(span, referent)

    def _speaker(self, quotation: Quotation) -> int | None:
        """Whoever is named as the speaker beside a quotation, else the person spoken of before it."""
        for place in quotation.places:
            people = [s for s in self._discourse.within(place) if s.quotation < 0 and self._is_person(s.referent)]
            if people:
                return next((s.referent for s in reversed(people) if s.is_subject), people[-1].referent)
        return self._choose(Anaphor(quotation.span, "first", frozenset({_PERSON})), None)

    def _labelled(self, anaphor: Anaphor) -> int | None:
        """Whoever is named before a colon at the beginning of the line: 李明：我…."""
        line = self._discourse.block(anaphor.span.begin)
        for seen in self._discourse.within(Span(line.begin, line.begin + 1)):
            if self._is_person(seen.referent) and self._text.startswith(self._rules.colons, seen.span.end):
                return seen.referent
        return None

    def _choose(self, anaphor: Anaphor, speaker: int | None) -> int | None:
        """The most salient referent before `anaphor` that fits it; none where two are about as salient."""
        if anaphor.kind == "own":
            return self._writer(anaphor)
        candidates = self._candidates(anaphor, speaker)
        if anaphor.kind == "latter":
            return candidates[0].referent if candidates and not candidates[0].is_nested else None
        weights = self._rules.salience["person" if _PERSON in anaphor.classes else "thing"]
        here = self._discourse.sentence(anaphor.span.begin)
        scores: dict[int, float] = {}
        for seen in candidates:
            score = self._score(seen, here, weights)
            if anaphor.kind == "third":
                score += weights["agrees"] * bool(self._sex[seen.referent])
            scores[seen.referent] = max(scores.get(seen.referent, score), score)
        ranked = sorted(scores, key=lambda r: -scores[r])
        if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < self._rules.salience["margin"][anaphor.kind]:
            return self._main(ranked) if anaphor.kind in self._rules.salience["main_kinds"] else None
        return ranked[0] if ranked else None

    def _called(self, anaphor: Anaphor) -> int | None:
        """What the words beside a new name stand for, else the most salient that is not this name itself."""
        own = next((s.referent for s in self._discourse.within(anaphor.span) if s.span == anaphor.span), None)
        if anaphor.by is not None:
            told = (s.referent for s in self._discourse.within(anaphor.by) if s.span == anaphor.by)
            return next((r for r in told if r != own and self._referents[r].type in anaphor.classes), None)
        return self._choose(anaphor, own)

    def _candidates(self, anaphor: Anaphor, speaker: int | None) -> list[Antecedent]:
        here = self._discourse.sentence(anaphor.span.begin)
        if here < 0:
            return []
        farthest = here - self._rules.salience["window"][anaphor.kind]
        section = self._discourse.section(here) if anaphor.kind in self._rules.salience["sectioned"] else None
        return [
            seen
            for seen in self._discourse.before(anaphor.span.begin, _CONTEXT)
            if seen.sentence >= farthest
            and seen.referent != speaker
            and section in {None, seen.section}
            and self._fits(anaphor, seen.referent)
        ]

    def _score(self, seen: Antecedent, here: int, weights: dict[str, float]) -> float:
        return (
            weights["sentence"] * (here - seen.sentence)
            + weights["subject"] * seen.is_subject
            + weights["nested"] * seen.is_nested
            + weights["quoted"] * (seen.quotation >= 0)
            + weights["pronoun"] * seen.is_pronoun
            + weights["often"] * log2(self._referents[seen.referent].count)
        )

    def _main(self, ranked: Sequence[int]) -> int | None:
        """The referent that the document is about, where it is mentioned far more than the others."""
        first, second = sorted((-self._referents[r].count, order, r) for order, r in enumerate(ranked))[:2]
        return first[2] if first[0] <= self._rules.salience["main"] * second[0] else None

    def _writer(self, anaphor: Anaphor) -> int | None:
        """Who says 我校 or 本局: whoever signs the document, else whom it mentions most."""
        fitting = [number for number in range(len(self._referents)) if self._fits(anaphor, number)]
        return max(fitting, key=lambda r: (self._signs[r], self._referents[r].count, -r)) if fitting else None

    def _fits(self, anaphor: Anaphor, number: int) -> bool:
        referent = self._referents[number]
        if referent.type not in anaphor.classes:
            return False
        if anaphor.kind == "third":
            return self._sex[number] in {"", anaphor.span.of(self._text)}
        if anaphor.kind == "level":
            return any(
                n.key.endswith(anaphor.head) or anaphor.head in self._rules.regions.levels(n.key)
                for n in referent.names
            )
        is_loose = not anaphor.head or (referent.type, anaphor.head) in self._rules.loose
        return is_loose or any(n.key.endswith(anaphor.head) for n in referent.names)

    def _is_person(self, referent: int) -> bool:
        return self._referents[referent].type == _PERSON

    def _stated_sex(self, referent: Referent) -> str:
        """The pronoun for a person whose sex the words beside a name state, else nothing."""
        if referent.type == _PERSON:
            for mention in (m for n in referent.names for m in n.mentions):
                for pronoun, before, after in self._rules.sexes:
                    is_before = self._text.endswith(before, 0, mention.span.begin)
                    if is_before or self._text.startswith(after, mention.span.end):
                        return pronoun
        return ""
