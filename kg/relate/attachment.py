"""What a number may be about: the entities in its reach and nothing at all, each with the features that hold of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Span
from kg.relate.scene import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.model import Entity, Mention
    from kg.recognize.quantities import Quantity
    from kg.relate.choice import Features
    from kg.relate.roles import Part
    from kg.relate.scene import Place, Scene

_REACH = 2  # paragraphs before its own in which a number's subject is looked for
_FAR = 2  # sentences before its own whose subjects are told apart
_NEAR = 6  # code points of text between a mention and a number that are taken literally
_MANY = 4  # counts are told apart up to this


@dataclass(frozen=True, slots=True)
class Option:
    """An entity that a number may be about, by its mention that speaks for it; None for "no figure at all"."""

    entity: Entity | None
    mention: Mention | None
    features: Features


def options(scene: Scene, quantity: Quantity) -> list[Option]:
    """Nothing first, and then every entity in reach in order of first mention."""
    sentence = scene.segmentation.sentence_at(quantity.number.begin)
    if sentence is None:
        return []
    place = scene.surroundings.place(scene.text, quantity, sentence)
    found = [Option(None, None, tuple(_nothing(scene, place)))]
    context = _Context(scene, place)
    for entity in scene.entities:
        mention = context.mention(entity)
        if mention is not None:
            found.append(Option(entity, mention, tuple(context.features(entity, mention))))
    return found


def _nothing(scene: Scene, place: Place) -> Iterator[str]:
    """The features of a number that is no figure."""
    quantity, text = place.quantity, scene.text
    script = "9" if quantity.number.of(text)[0].isdigit() else "c"
    size = str(quantity.value) if quantity.value in (1, 2, 3) else ("s" if quantity.value < 10 else "l")  # noqa: PLR2004
    before = shown(text[max(0, quantity.span.begin - 1) : quantity.span.begin])
    after = shown(text[quantity.span.end : quantity.span.end + 1])
    time = next((t.kind for t in scene.times if t.span.overlaps(quantity.number)), "")
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
    is_pronoun = any(m.span.overlaps(quantity.number) for m, _ in scene.within(place.sentence.span))
    yield f"0 pronoun {is_pronoun}"
    yield f"0 figures {min(_MANY, sum(d.quantity.number.begin >= place.sentence.span.begin for d in scene.decisions))}"
    yield f"0 quoted {before in '“‘《「' if before else False} {script}"


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
        ahead = scene.within(Span(begin, number.span.begin))
        for mention, entity in [*scene.within(Span(0, blocks[0].span.end)), *ahead]:
            if mention.span.end <= number.span.begin:
                self._before[entity.id] = mention
        for mention, entity in reversed(scene.within(Span(number.span.end, sentence.span.end))):
            self._after[entity.id] = mention
        self._here = [m for m in ahead if m[0].span.begin >= sentence.span.begin and not scene.is_nested(m[0])]
        self._opening = next((e.id for m, e in scene.within(sentence.block.span) if not scene.is_nested(m)), "")
        self._last = scene.decisions[-1] if scene.decisions else None
        last = self._last.entity if self._last else None
        self._other = next((d.entity for d in reversed(scene.decisions) if d.entity is not last), None)
        self._roles = self._read_roles()
        self._parallel = self._read_parallel()
        self._start = self._opening_words()
        self._tags = self._clause_tags()
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
        while before is not None and before.block.section == sentence.block.section and far <= _FAR:
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
        is_list = len(runs) > 1 and len(same) < len(runs)
        return runs[len(same)].entity.id if is_list else ""

    def _opening_words(self) -> str:
        text, place = self._scene.text, self._place
        token = next((t for t in place.sentence.tokens if t.span.begin >= place.clause.begin), None)
        return shown(token.span.of(text)) if token and token.span.end <= place.quantity.span.begin else ""

    def _clause_tags(self) -> str:
        """The word classes that open the number's clause and that stand before the number."""
        place = self._place
        begin, end = place.clause.begin, place.quantity.span.begin
        tags = [t.tag[:1] for t in place.sentence.tokens if begin <= t.span.begin and t.span.end <= end]
        return f"{tags[0]}_{tags[-1]}" if tags else "_"

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
        yield f"{where[:2]} u {place.unit}"
        yield f"{kind} u {place.unit}"
        yield f"{where} kind {mention.kind}"
        yield from self._beside(entity, kind, mention, where)
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
        yield f"role {roles[0]} tags {self._tags}"
        yield f"roles {roles[0]} {kind} tags {self._tags}"
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
            between = sum(begin < s.span.begin <= place.sentence.span.begin for s in self._scene.segmentation.sentences)
            return f"p{min(between, _MANY)}"
        if begin < blocks[0].span.end:
            return "title"
        return "q1" if begin >= blocks[place.sentence.paragraph - 1].span.begin else "q2"

    def _beside(self, entity: Entity, kind: str, mention: Mention, where: str) -> Iterator[str]:
        """The characters beside the mention, and the text between it and the number where that is short."""
        text, span, number = self._scene.text, mention.span, self._place.quantity.span
        left, right = shown(text[max(0, span.begin - 1) : span.begin]), shown(text[span.end : span.end + 1])
        tokens = self._place.sentence.tokens if where[0] in "acs" else ()
        behind = next((t for t in tokens if t.span.begin >= span.end), None)
        ahead = next((t for t in reversed(tokens) if t.span.end <= span.begin), None)
        token = shown(behind.span.of(text)) if behind else ""
        yield f"{where} l {left}"
        yield f"{where} r {right}"
        yield f"{where[:1]} {kind} l {left}"
        yield f"{where[:1]} {kind} r {right}"
        yield f"{where[:1]} rt {token}" if where[0] in "cs" else f"{where} far"
        if tokens:
            tags = f"{ahead.tag[:1] if ahead else ''}_{behind.tag[:1] if behind else ''}"
            role = self._roles.get(entity.id, ["none"])[0]
            yield f"tags {where[:1]} {tags}"
            yield f"tags {where[:1]} {tags} {kind}"
            yield f"tags {role} {tags}"
        if self._scene.is_nested(mention):
            yield f"{where[:1]} nested"
            yield f"{kind} nested"
        gap = shown(text[span.end : number.begin] if span.end <= number.begin else text[number.end : span.begin])
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
        if entity.id in scene.first:
            yield f"title {where[:1]}"
            yield f"title {kind}"
        top = scene.frequent.most_common(1)[0][0] == entity.id
        yield f"frequent {min(scene.frequent[entity.id], _MANY)} {where[:1]}"
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
        leading = self._said.most_common(1)[0][0] == entity.id
        yield f"leading {leading} {same} {near}"
        yield f"leading {leading} {same} {near} {fresh}"
        yield f"other {self._other is entity} {near} {fresh}"
        yield f"other {self._other is entity} {near} {kind}"
