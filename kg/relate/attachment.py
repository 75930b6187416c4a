"""What a number may be about: the entities in its reach and nothing at all, each with the features that hold of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.model import Span
from kg.relate.roles import Part, Roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.model import Entity, Mention
    from kg.recognize.quantities import Quantity
    from kg.recognize.times import TimeExpression
    from kg.relate.choice import Features
    from kg.segment import Segmentation, Sentence

_REACH = 2  # paragraphs before its own in which a number's subject is looked for
_NEAR = 6  # code points of text between a mention and a number that are taken literally
_MANY = 4  # counts are told apart up to this


@dataclass(frozen=True, slots=True)
class Option:
    """An entity that a number may be about, by its mention that speaks for it; None for "no figure at all"."""

    entity: Entity | None
    mention: Mention | None
    features: Features


@dataclass(frozen=True, slots=True)
class Decision:
    """A figure that has been attached."""

    quantity: Quantity
    entity: Entity


@dataclass(frozen=True, slots=True)
class Place:
    """A number with the words around it.

    `unit` is the unit, `family` what kind of unit it is; `before` and `after` are the words on either side,
    nearest first; `noun` is the noun that closes or opens the neighbourhood.
    """

    quantity: Quantity
    sentence: Sentence
    clause: Span
    unit: str
    family: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    verb: str


class Surroundings:
    """Reads the neighbourhood of numbers by the tables of ``attachment.toml``."""

    def __init__(self, domain: Domain) -> None:
        table: dict[str, Any] = domain.toml("attachment.toml")
        self._families: Mapping[str, str] = {u: family for family, units in table["units"].items() for u in units}
        self._stops = frozenset(table["particles"]["stops"])
        self.roles = Roles(domain)
        self.respectively = tuple(table["particles"]["respectively"])

    def place(self, text: str, quantity: Quantity, sentence: Sentence) -> Place:
        """The neighbourhood of `quantity`."""
        clause = next(c for c in sentence.clauses if quantity.number.begin < c.end)
        before = [t for t in sentence.tokens if t.span.end <= quantity.span.begin]
        after = [t for t in sentence.tokens if t.span.begin >= quantity.span.end]
        verbs = [t for t in before if t.span.begin >= clause.begin and t.tag.startswith("v")]
        unit = quantity.unit or "0"
        return Place(
            quantity,
            sentence,
            clause,
            unit,
            self._families.get(unit, "other" if quantity.unit else "none"),
            tuple(_shown(t.span.of(text)) for t in reversed(before[-3:])),
            tuple(_shown(t.span.of(text)) for t in after[:3]),
            verbs[-1].span.of(text) if verbs else "",
        )

    def is_stop(self, character: str) -> bool:
        """Whether `character` parts what stands on its sides."""
        return character in self._stops


class Scene:
    """A document prepared for attachment: its mentions in text order, and what was decided so far."""

    def __init__(
        self,
        segmentation: Segmentation,
        entities: Sequence[Entity],
        times: Sequence[TimeExpression],
        surroundings: Surroundings,
    ) -> None:
        self.segmentation = segmentation
        self.text = segmentation.document.text
        self.surroundings = surroundings
        self._entities = entities
        self._times = times
        pairs = sorted(((m.span, m.kind, i, m) for i, e in enumerate(entities) for m in e.mentions), key=lambda p: p[:3])
        self._mentions = [(m, entities[i]) for _, _, i, m in pairs]
        self._begins = [m.span.begin for m, _ in self._mentions]
        self._outer = _outer([m.span for m, _ in self._mentions])
        blocks = segmentation.blocks
        self._first = {m_e[1].id for m_e in self._within(Span(0, blocks[0].span.end))} if blocks else set()
        self._frequent = Counter({e.id: len(e.mentions) for e in entities})
        self._parts: dict[Span, list[Part]] = {}
        self.decisions: list[Decision] = []
        self.quantities: Sequence[Quantity] = ()

    def parts(self, sentence: Sentence) -> list[Part]:
        """The outermost mentions of `sentence` with their roles."""
        if sentence.span not in self._parts:
            outer = [(m, e) for m, e in self._within(sentence.span) if not self.is_nested(m)]
            self._parts[sentence.span] = self.surroundings.roles(self.text, sentence, outer, self._times)
        return self._parts[sentence.span]

    def previous(self, sentence: Sentence) -> Sentence | None:
        """The sentence before `sentence`."""
        return self.segmentation.sentence_at(sentence.span.begin - 1) or self._before(sentence)

    def _before(self, sentence: Sentence) -> Sentence | None:
        sentences = self.segmentation.sentences
        index = bisect_left(sentences, sentence.span.begin, key=lambda s: s.span.begin)
        return sentences[index - 1] if index else None

    def in_name(self, quantity: Quantity) -> bool:
        """Whether the number is part of a name."""
        return any(m.kind != "pronoun" and m.span.overlaps(quantity.number) for m, _ in self._around(quantity.number))

    def options(self, quantity: Quantity) -> list[Option]:
        """Nothing first, and then every entity in reach in order of first mention."""
        sentence = self.segmentation.sentence_at(quantity.number.begin)
        if sentence is None:
            return []
        place = self.surroundings.place(self.text, quantity, sentence)
        options = [Option(None, None, tuple(self._none(place)))]
        context = _Context(self, place)
        for entity in self._entities:
            mention = context.mention(entity)
            if mention is not None:
                options.append(Option(entity, mention, tuple(context.features(entity, mention))))
        return options

    def _none(self, place: Place) -> Iterator[str]:
        """The features of a number that is no figure."""
        quantity, text = place.quantity, self.text
        script = "9" if quantity.number.of(text)[0].isdigit() else "c"
        size = str(quantity.value) if quantity.value in (1, 2, 3) else ("s" if quantity.value < 10 else "l")  # noqa: PLR2004
        before = _shown(text[max(0, quantity.span.begin - 1) : quantity.span.begin])
        after = _shown(text[quantity.span.end : quantity.span.end + 1])
        time = next((t.kind for t in self._times if t.span.overlaps(quantity.number)), "")
        kind = f"{script}{size}"
        word = place.before[0] if place.before else ""
        follow = place.after[0] if place.after else ""
        yield "0"
        yield f"0 {kind}"
        yield f"0 u {place.unit}"
        yield f"0 u {place.unit} {kind}"
        yield f"0 f {place.family} {script}"
        yield f"0 t {time}"
        yield f"0 t {time} {script} {place.family}"
        yield f"0 q {quantity.qualifier}"
        yield f"0 b {before}"
        yield f"0 b {before} {place.unit}"
        yield f"0 a {after}"
        yield f"0 a {after} {place.unit}"
        yield f"0 w {word}"
        yield f"0 n {follow}"
        yield f"0 n {follow} {place.unit}"
        yield f"0 v {place.verb}"
        yield f"0 block {place.sentence.block.kind}"
        yield f"0 begin {quantity.span.begin - place.clause.begin < 2} {script} {place.family}"  # noqa: PLR2004
        yield f"0 end {place.clause.end - quantity.span.end < 2} {script} {place.family}"  # noqa: PLR2004
        yield f"0 pronoun {any(m.span.overlaps(quantity.number) for m, _ in self._around(quantity.number))}"
        yield f"0 figures {min(_MANY, sum(d.quantity.number.begin >= place.sentence.span.begin for d in self.decisions))}"
        yield f"0 quoted {before in '“‘《「' if before else False} {script}"

    def mentions_of(self, sentence: Sentence) -> list[Mention]:
        """The mentions in `sentence`, in order."""
        return [m for m, _ in self._within(sentence.span)]

    def _within(self, span: Span) -> list[tuple[Mention, Entity]]:
        """The mentions within `span`, in order."""
        low, high = bisect_left(self._begins, span.begin), bisect_right(self._begins, span.end - 1)
        return self._mentions[low:high]

    def _around(self, span: Span) -> list[tuple[Mention, Entity]]:
        sentence = self.segmentation.sentence_at(span.begin)
        return self._within(sentence.span) if sentence else []

    def is_nested(self, mention: Mention) -> bool:
        """Whether `mention` stands within a longer one."""
        return mention.span not in self._outer


class _Context:
    """The mentions around one number, and the features of each entity there."""

    def __init__(self, scene: Scene, place: Place) -> None:
        self._scene, self._place = scene, place
        sentence = place.sentence
        blocks = scene.segmentation.blocks
        first = max(0, sentence.paragraph - _REACH)
        begin, number = blocks[first].span.begin, place.quantity
        self._before: dict[str, Mention] = {}
        self._after: dict[str, Mention] = {}
        ahead = scene._within(Span(begin, number.span.begin))
        for mention, entity in [*scene._within(Span(0, blocks[0].span.end)), *ahead]:
            if mention.span.end <= number.span.begin:
                self._before[entity.id] = mention
        for mention, entity in reversed(scene._within(Span(number.span.end, sentence.span.end))):
            self._after[entity.id] = mention
        self._here = [m for m in ahead if m[0].span.begin >= sentence.span.begin and not scene.is_nested(m[0])]
        self._opening = next((e.id for m, e in scene._within(sentence.block.span) if not scene.is_nested(m)), "")
        self._last = scene.decisions[-1] if scene.decisions else None
        self._roles = self._read_roles()
        self._parallel = self._read_parallel()
        self._start = self._opening_words()
        self._said = Counter(d.entity.id for d in scene.decisions)

    def _read_roles(self) -> dict[str, list[str]]:
        """What each entity is among the subjects and objects before the number, nearest first."""
        place, scene = self._place, self._scene
        number = place.quantity.span.begin
        clause = next(i for i, c in enumerate(place.sentence.clauses) if c == place.clause)
        parts = [p for p in scene.parts(place.sentence) if p.mention.span.end <= number]
        found: dict[str, list[str]] = {}
        own = any(p.role == "subject" and p.clause == clause for p in parts)
        subjects, others = 0, 0
        seen: set[int] = set()
        for part in reversed(parts):
            back = min(clause - part.clause, 3)
            if part.role == "subject":
                subjects += part.run not in seen
                label = f"S{min(subjects, 3)}"
            else:
                others += part.run not in seen
                label = f"{part.role[0]}{min(others, 3)}"
            seen.add(part.run)
            found.setdefault(part.entity.id, []).append(f"{label} {back} {own}")
        sentence, before = place.sentence, scene.previous(place.sentence)
        far = 1
        while before is not None and before.block.section == sentence.block.section and far <= 2:
            self._read_far(scene.parts(before), far, found, has_subject=bool(subjects))
            before, far = scene.previous(before), far + 1
        return found

    @staticmethod
    def _read_far(parts: Sequence[Part], far: int, found: dict[str, list[str]], *, has_subject: bool) -> None:
        subjects = [p for p in parts if p.role == "subject"]
        for part in parts:
            if subjects and part.run == subjects[0].run:
                label = "first"
            elif subjects and part.run == subjects[-1].run:
                label = "last"
            else:
                label = part.role[0] + ("z" if part is parts[-1] else "")
            found.setdefault(part.entity.id, []).append(f"far{far} {label} {has_subject}")

    def _read_parallel(self) -> str:
        """The entity that stands in its list where the number stands in its own (甲、乙分别获3万元、5万元)."""
        place, scene, text = self._place, self._scene, self._scene.text
        words = [
            at
            for word in scene.surroundings.respectively
            if (at := text.rfind(word, place.sentence.span.begin, place.quantity.span.begin)) >= 0
        ]
        if not words:
            return ""
        at = max(words)
        parts = [p for p in scene.parts(place.sentence) if p.mention.span.end <= at and p.role != "modifier"]
        runs = [p for p in parts if parts and p.run == parts[-1].run]
        earlier = [q for q in scene.quantities if at < q.number.begin < place.quantity.number.begin]
        same = [q for q in earlier if q.number.begin < place.sentence.span.end]
        return runs[len(same)].entity.id if 1 < len(runs) and len(same) < len(runs) else ""

    def _opening_words(self) -> str:
        text, place = self._scene.text, self._place
        token = next((t for t in place.sentence.tokens if t.span.begin >= place.clause.begin), None)
        return _shown(token.span.of(text)) if token and token.span.end <= place.quantity.span.begin else ""

    def mention(self, entity: Entity) -> Mention | None:
        """The mention by which `entity` is in reach: the last before the number, or one behind it in its sentence."""
        before, after = self._before.get(entity.id), self._after.get(entity.id)
        if before is None:
            if after is None and self._last and self._last.entity is entity:
                return entity.mentions[0] if entity.mentions else None
            return after
        if after is None or before.span.begin >= self._place.clause.begin:
            return before
        # Behind a unit (10所重庆工匠学院) stands what is counted, wherever else it was named before.
        return after if after.span.begin - self._place.quantity.span.end <= 1 else before

    def features(self, entity: Entity, mention: Mention) -> Iterator[str]:
        """What holds of `entity` as that which the number is about."""
        place, kind = self._place, entity.type
        where = self._where(mention)
        family, word = place.family, place.before[0] if place.before else ""
        yield from (kind, where, f"{kind} {where}", f"{kind} f {family}", f"{kind} {where} f {family}")
        yield f"{where} f {family}"
        yield f"{where} w {word}"
        yield f"{kind} w {word}"
        yield f"{where[:2]} {kind} v {place.verb}"
        yield f"{where[:2]} u {place.unit}"
        yield f"{kind} u {place.unit}"
        yield f"{where} kind {mention.kind}"
        yield from self._beside(kind, mention, where)
        yield from self._order(entity, kind, where)
        yield from self._named(entity, where, kind)
        yield from self._carried(entity, kind)
        yield from self._played(entity, kind)

    def _played(self, entity: Entity, kind: str) -> Iterator[str]:
        """The roles in which the entity stands before the number."""
        roles = self._roles.get(entity.id, ["none"])
        for role in roles[:2]:
            yield f"role {role}"
            yield f"role {role} {kind}"
            yield f"role {role} {self._place.family}"
        yield f"roles {roles[0]} {self._last is not None and self._last.entity is entity}"
        yield f"role {roles[0]} start {self._start}"
        if self._parallel:
            yield f"parallel {self._parallel == entity.id}"

    def _where(self, mention: Mention) -> str:
        """Where the mention stands: clause, sentence, paragraph, or further off, and on which side."""
        place = self._place
        begin = mention.span.begin
        if begin >= place.quantity.span.end:
            gap = begin - place.quantity.span.end
            return f"a{'0' if gap == 0 else '1' if begin < place.clause.end else '2'}"
        if begin >= place.clause.begin:
            return "c"
        if begin >= place.sentence.span.begin:
            between = sum(begin < c.begin <= place.clause.begin for c in place.sentence.clauses)
            return f"s{min(between, _MANY)}"
        blocks = self._scene.segmentation.blocks
        if begin >= place.sentence.block.span.begin:
            between = sum(
                begin < s.span.begin <= place.sentence.span.begin for s in self._scene.segmentation.sentences
            )
            return f"p{min(between, _MANY)}"
        if begin < blocks[0].span.end:
            return "title"
        return "q1" if begin >= blocks[place.sentence.paragraph - 1].span.begin else "q2"

    def _beside(self, kind: str, mention: Mention, where: str) -> Iterator[str]:
        """The characters beside the mention, and the text between it and the number where that is short."""
        text, span, number = self._scene.text, mention.span, self._place.quantity.span
        left, right = _shown(text[max(0, span.begin - 1) : span.begin]), _shown(text[span.end : span.end + 1])
        token = next((_shown(t.span.of(text)) for t in self._place.sentence.tokens if t.span.begin >= span.end), "")
        yield f"{where} l {left}"
        yield f"{where} r {right}"
        yield f"{where[:1]} {kind} l {left}"
        yield f"{where[:1]} {kind} r {right}"
        yield f"{where[:1]} rt {token}" if where[0] in "cs" else f"{where} far"
        if self._scene.is_nested(mention):
            yield f"{where[:1]} nested"
            yield f"{kind} nested"
        gap = _shown(text[span.end : number.begin] if span.end <= number.begin else text[number.end : span.begin])
        if where[0] in "ca" and len(gap) <= _NEAR:
            yield f"{where} gap {gap}"
            yield f"{where} {kind} gap {len(gap)} {self._place.family}"

    def _order(self, entity: Entity, kind: str, where: str) -> Iterator[str]:
        """The place of the entity among those named before the number in its sentence and clause."""
        ids = [e.id for _, e in self._here]
        here = [e.id for m, e in self._here if m.span.begin >= self._place.clause.begin]
        if entity.id in ids:
            rank = ids[::-1].index(entity.id)
            yield f"rank {min(rank, _MANY)}"
            yield f"rank {min(rank, _MANY)} {where[:1]} {kind}"
            yield f"first {ids.index(entity.id) == 0} {where[:1]} {kind}"
        if entity.id in here:
            yield f"in clause {min(here.index(entity.id), 2)} of {min(len(set(here)), _MANY)}"
            yield f"opens clause {here[0] == entity.id} {kind} {self._place.family}"
        if not ids:
            yield f"alone {where} {kind}"
        elif not here:
            yield f"no rival {where}"
        yield f"opening {entity.id == self._opening} {where[:1]}"
        yield f"opening {entity.id == self._opening} {kind}"

    def _named(self, entity: Entity, where: str, kind: str) -> Iterator[str]:
        """Whether the words beside the number name the entity, and how much the document speaks of it."""
        place, scene = self._place, self._scene
        for side, words in (("b", place.before[:2]), ("a", place.after[:2])):
            if any(len(w) > 1 and any(n.endswith(w) for n in entity.names) for w in words):
                yield f"named {side} {where[:1]} {kind}"
                yield f"named {side} {place.family}"
        if entity.id in scene._first:
            yield f"title {where[:1]}"
            yield f"title {kind}"
        top = scene._frequent.most_common(1)[0][0] == entity.id
        yield f"frequent {min(scene._frequent[entity.id], _MANY)} {where[:1]}"
        yield f"most frequent {top} {kind}"

    def _carried(self, entity: Entity, kind: str) -> Iterator[str]:
        """Whether the figures before were about the entity too."""
        if self._last is None:
            return
        place, last = self._place, self._last
        begin = last.quantity.span.begin
        if begin >= place.clause.begin:
            near = "clause"
        elif begin >= place.sentence.span.begin:
            near = "sentence"
        elif begin >= place.sentence.block.span.begin:
            near = "paragraph"
        else:
            near = "far"
        same = last.entity is entity
        new = [e for m, e in self._here if m.span.begin >= last.quantity.span.end]
        fresh = "none" if not new else ("it" if any(e is entity for e in new) else "other")
        yield f"last {same} {near}"
        yield f"last {same} {near} {fresh}"
        yield f"last {same} {near} {fresh} {kind}"
        yield f"last {same} {near} {place.family} {last.quantity.unit == place.quantity.unit}"
        yield f"last {same} {near} w {place.before[0] if place.before else ''}"
        yield f"last {same} {near} start {self._start}"
        yield f"said {min(self._said[entity.id], 2)} {near}"


def _outer(spans: Sequence[Span]) -> frozenset[Span]:
    """Those of `spans` that lie in no longer one."""
    outer: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.begin, -s.end)):
        if not outer or span.end > outer[-1].end:
            outer.append(span)
    return frozenset(outer)


def _shown(text: str) -> str:
    """`text` as part of a feature: white space is one mark."""
    return "_".join(text.split()) if text.strip() else "_"
