"""What pronouns and bare nouns stand for: the most salient entity before them that fits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from kg.model import Mention, Span
from kg.resolve.anaphora import Anaphor, Anaphora
from kg.resolve.speakers import Quotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.domain import Domain
    from kg.resolve.aliases import Name
    from kg.resolve.regions import Regions
    from kg.resolve.speakers import Quotation
    from kg.segment import Segmentation

_CONTEXT = 60  # antecedents looked at, at most


@dataclass(frozen=True, slots=True, order=True)
class _Seen:
    """A mention that may be an antecedent; `entity` is the place of its entity in the list of full names."""

    span: Span
    entity: int
    sentence: int
    section: int
    is_subject: bool
    is_nested: bool
    quotation: int  # which quotation it stands in, -1 outside


class Coreference:
    """Attaches anaphors to the entities they stand for, by the weights of ``anaphora.toml``."""

    def __init__(self, domain: Domain, regions: Regions) -> None:
        self._table = domain.toml("anaphora.toml")
        self._anaphora = Anaphora(domain)
        self._quotations = Quotations(domain)
        self._regions = regions
        genders = self._table["genders"]
        self._genders = [(p, (tuple(g["before"]), tuple(g["after"]))) for p, g in sorted(genders.items())]
        self._any = frozenset((c, w) for c, words in self._table["heads"].items() for w in words["any"])

    def __call__(self, cut: Segmentation, names: Sequence[Name]) -> list[tuple[Mention, Name]]:
        """The anaphors of a document that can be told, as mentions, each with the full name of its entity."""
        return _Reading(cut, names, self).resolve()

    def anaphors(self, cut: Segmentation, taken: bytearray) -> list[Anaphor]:
        return self._anaphora(cut, taken)


class _Reading:
    """One document as it is read from its beginning to its end."""

    def __init__(self, cut: Segmentation, names: Sequence[Name], by: Coreference) -> None:
        self._cut, self._by = cut, by
        self._text = cut.document.text
        self._salience = by._table["salience"]
        self._starts = [s.span.begin for s in cut.sentences]
        self._quotations = list(by._quotations(cut))
        self._quotes = [q.span.begin for q in self._quotations]
        roots = list(dict.fromkeys(id(n.root) for n in names))
        number = {root: index for index, root in enumerate(roots)}
        self._roots = [next(n.root for n in names if id(n.root) == root) for root in roots]
        self._group: list[list[Name]] = [[] for _ in roots]
        for name in names:
            self._group[number[id(name.root)]].append(name)
        self._counts = [sum(len(n.mentions) for n in group) for group in self._group]
        self._gender = {e: self._stated_gender(g) for e, g in enumerate(self._group)}
        self._taken = bytearray(len(self._text))
        self._seen: list[_Seen] = []
        end = 0
        for span, entity in sorted(
            ((m.span, number[id(n.root)]) for n in names for m in n.mentions), key=lambda p: (p[0].begin, -p[0].end)
        ):
            self._taken[span.begin : span.end] = b"\1" * len(span)
            self._see(span, entity, is_nested=span.end <= end)
            end = max(end, span.end)

    def _stated_gender(self, group: list[Name]) -> str:
        """The pronoun for a person whose sex the words beside the name state, else nothing."""
        for pronoun, words in self._by._genders:
            for name in group:
                if name.type != "Person":
                    return ""
                for mention in name.mentions:
                    before, after = words
                    if self._text.endswith(before, 0, mention.span.begin) or self._text.startswith(after, mention.span.end):
                        return pronoun
        return ""

    def resolve(self) -> list[tuple[Mention, Name]]:
        anaphors = self._by.anaphors(self._cut, self._taken)
        found: list[tuple[Mention, Name]] = []
        later = []
        for anaphor in anaphors:
            quotation = self._quotation_at(anaphor.span.begin)
            if anaphor.kind == "first" or quotation >= 0:
                later.append((anaphor, quotation))
            else:
                self._attach(anaphor, self._choose(anaphor, None), found)
        speakers: dict[int, int | None] = {-1: None}
        for anaphor, quotation in later:
            if quotation not in speakers:
                speakers[quotation] = self._speaker(self._quotations[quotation])
            speaker = speakers[quotation]
            if anaphor.kind == "first":
                self._attach(anaphor, self._interviewee(anaphor) if quotation < 0 else speaker, found)
            else:
                self._attach(anaphor, self._choose(anaphor, speaker), found)
        return found

    def _see(self, span: Span, entity: int, *, is_nested: bool) -> None:
        sentence = bisect_right(self._starts, span.begin) - 1
        if sentence < 0:
            return
        cut = self._cut.sentences[sentence]
        clause = next((c for c in cut.clauses if c.covers(span)), cut.span)
        lead = self._text[clause.begin : span.begin]
        is_last = not self._text[span.end : clause.end].strip(self._salience["marks"])
        is_subject = (
            not is_nested
            and not (is_last and lead)
            and not self._text.startswith(tuple(self._salience["modifier"]), span.end)
            and not lead.endswith(tuple(self._salience["oblique"]))
            and not any(s.span.begin >= clause.begin and s.entity != entity and self._cls(s.entity) == self._cls(entity) for s in self._seen[-4:] if s.is_subject)
        )
        insort(
            self._seen,
            _Seen(span, entity, sentence, cut.block.section, is_subject, is_nested, self._quotation_at(span.begin)),
        )

    def _cls(self, entity: int) -> str:
        return self._roots[entity].type

    def _quotation_at(self, position: int) -> int:
        index = bisect_right(self._quotes, position) - 1
        return index if index >= 0 and position < self._quotations[index].span.end else -1

    def _attach(self, anaphor: Anaphor, entity: int | None, found: list[tuple[Mention, Name]]) -> None:
        if entity is None:
            return
        root = self._roots[entity]
        span = anaphor.span
        if anaphor.kind == "third" and not self._gender.get(entity):
            self._gender[entity] = self._text[span.begin]
        confidence = self._salience["confidence"][anaphor.kind]
        words = span.of(self._text)
        found.append((Mention(self._cut.document.id, span, words, root.type, "pronoun", anaphor.kind, confidence), root))
        self._see(span, entity, is_nested=False)

    def _speaker(self, quotation: Quotation) -> int | None:
        """Whoever is named as the speaker beside a quotation, else the person spoken of before it."""
        for place in quotation.places:
            low = bisect_left(self._seen, place.begin, key=lambda s: s.span.begin)
            high = bisect_left(self._seen, place.end, key=lambda s: s.span.begin)
            people = [s for s in self._seen[low:high] if self._cls(s.entity) == "Person" and s.quotation < 0]
            if people:
                return next((s.entity for s in reversed(people) if s.is_subject), people[-1].entity)
        return self._choose(Anaphor(quotation.span, "first", frozenset({"Person"})), None)

    def _interviewee(self, anaphor: Anaphor) -> int | None:
        """Whoever is named before a colon at the beginning of the line: 李明：我…."""
        block = self._cut.sentences[bisect_right(self._starts, anaphor.span.begin) - 1].block
        index = bisect_left(self._seen, block.span.begin, key=lambda s: s.span.begin)
        if index == len(self._seen):
            return None
        first = self._seen[index]
        is_label = first.span.begin == block.span.begin and self._text.startswith(tuple(self._salience["colons"]), first.span.end)
        return first.entity if is_label and self._cls(first.entity) == "Person" else None

    def _choose(self, anaphor: Anaphor, speaker: int | None) -> int | None:
        """The most salient entity before `anaphor` that fits it; none where two are about as salient."""
        if anaphor.kind == "own":
            return self._most_mentioned(anaphor)
        window = self._salience["window"][anaphor.kind]
        here = bisect_right(self._starts, anaphor.span.begin) - 1
        if here < 0:
            return None
        section = self._cut.sentences[here].block.section
        scores: dict[int, float] = {}
        end = bisect_left(self._seen, anaphor.span.begin, key=lambda s: s.span.begin)
        for seen in reversed(self._seen[max(0, end - _CONTEXT) : end]):
            if here - seen.sentence > window:
                break
            if seen.section != section or seen.entity == speaker or not self._fits(anaphor, seen.entity):
                continue
            if anaphor.kind == "latter":
                return None if seen.is_nested else seen.entity
            score = self._score(seen, here)
            scores[seen.entity] = max(scores.get(seen.entity, score), score)
        if not scores:
            return None
        ranked = sorted(scores, key=lambda e: -scores[e])
        margin = self._salience["margin"][anaphor.kind]
        if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < margin:
            return None
        return ranked[0]

    def _score(self, seen: _Seen, here: int) -> float:
        weights = self._salience["weights"]
        return (
            weights["sentence"] * (here - seen.sentence)
            + weights["subject"] * seen.is_subject
            + weights["nested"] * seen.is_nested
            + weights["quoted"] * (seen.quotation >= 0)
            + weights["often"] * log2(self._counts[seen.entity])
        )

    def _most_mentioned(self, anaphor: Anaphor) -> int | None:
        fitting = [e for e in range(len(self._roots)) if self._fits(anaphor, e)]
        return max(fitting, key=lambda e: (self._counts[e], -e)) if fitting else None

    def _fits(self, anaphor: Anaphor, entity: int) -> bool:
        cls = self._cls(entity)
        if cls not in anaphor.classes:
            return False
        if anaphor.kind == "third" and self._gender.setdefault(entity, "") not in {"", self._text[anaphor.span.begin]}:
            return False
        if anaphor.kind == "level":
            return any(self._is_of_level(n.key, anaphor.head) for n in self._group[entity])
        if not anaphor.head or (cls, anaphor.head) in self._by._any:
            return True
        return any(n.key.endswith(anaphor.head) for n in self._group[entity])

    def _is_of_level(self, place: str, level: str) -> bool:
        return place.endswith(level) or level in self._by._regions.levels(place)
