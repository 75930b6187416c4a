"""The mentions around one number: which entities are in its reach, and the features of each as its subject."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.model import Span
from kg.relate.scene import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.model import Entity, Mention
    from kg.relate.roles import Part
    from kg.relate.scene import Place, Scene

_REACH = 4  # paragraphs before its own in which a number's subject is looked for
_OFTEN = 3  # mentions that keep an entity in reach wherever it was named
_FAR = 2  # sentences before its own whose subjects are told apart
_NEAR = 6  # code points of text between a mention and a number that are taken literally
_MANY = 4  # counts are told apart up to this
_RECENT = 6  # entities named last that are told apart


class Context:
    """The mentions around one number, and the features of each entity there."""

    def __init__(self, scene: Scene, place: Place) -> None:
        self._scene, self._place = scene, place
        sentence, number = place.sentence, place.quantity
        title = scene.segmentation.blocks[0].span.end
        begin = scene.segmentation.blocks[max(0, sentence.paragraph - _REACH)].span.begin
        ahead = [p for p in scene.within(Span(0, number.span.begin)) if p[0].span.end <= number.span.begin]
        self._before: dict[str, Mention] = {
            e.id: m for m, e in ahead if not title <= m.span.begin < begin or scene.frequent[e.id] >= _OFTEN
        }
        after = scene.within(Span(number.span.end, sentence.block.span.end))
        self._after: dict[str, Mention] = {e.id: m for m, e in reversed(after)}
        outer = [p for p in ahead if p[0].span.begin >= begin and not scene.is_nested(p[0])]
        self.here = [p for p in outer if p[0].span.begin >= sentence.span.begin]
        self._paragraph = Counter(e.id for m, e in outer if m.span.begin >= sentence.block.span.begin)
        self._recent = list(dict.fromkeys(e.id for _, e in reversed(outer)))
        self._latest = {e.type: e.id for m, e in ahead if m.span.begin >= begin}
        self._opening = next((e.id for m, e in scene.within(sentence.block.span) if not scene.is_nested(m)), "")
        self._roles = self._read_roles()
        self._parallel = self._read_parallel()
        subjects = [p for p in scene.parts(sentence) if p.role == "subject" and p.mention.span.end <= number.span.begin]
        self._subject = subjects[-1].entity.type if subjects else "-"
        self._is_quoted = self._read_quoted()
        self.start = self._opening_words()
        self.opens = (self._open(place.clause.begin), self._open(sentence.span.begin))
        self.tags = self._clause_tags()

    def _read_quoted(self) -> bool:
        """Whether somebody speaks: a quotation of the paragraph is open."""
        ahead = self._scene.text[self._place.sentence.block.span.begin : self._place.quantity.span.begin]
        return ahead.count("“") > ahead.count("”") or ahead.count('"') % 2 == 1

    def _open(self, begin: int) -> str:
        """The first word from `begin` to the number that is neither time nor adverb nor mark (去年，学院…)."""
        scene, place = self._scene, self._place
        end = place.quantity.span.begin
        times = [t.span for t in scene.times if t.span.begin < end and begin < t.span.end]
        for token in place.sentence.tokens:
            if begin <= token.span.begin < end and not any(t.overlaps(token.span) for t in times):
                words = token.span.of(scene.text)
                if not scene.surroundings.leads(words, token.tag):
                    return words
        return ""

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
            return after
        if after is None or before.span.begin >= self._place.clause.begin:
            return before
        # Behind a unit (10所重庆工匠学院) stands what is counted, wherever else it was named before.
        return after if after.span.begin - self._place.quantity.span.end <= 1 else before

    def features(self, entity: Entity, mention: Mention) -> Iterator[str]:
        """What holds of `entity` as that which the number is about."""
        place, kind = self._place, entity.type
        where = self.where(mention)
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
        yield from self._played(entity, kind)
        yield from self._counted(entity, kind, where)
        yield from self._recalled(entity, kind, where)
        yield f"new {entity.mentions[0].span == mention.span} {where} {kind}"
        yield f"quote {self._is_quoted} {where} {kind}"
        yield f"quote {self._is_quoted} {kind} {mention.kind}"

    def _played(self, entity: Entity, kind: str) -> Iterator[str]:
        """The roles in which the entity stands before the number."""
        roles = self._roles.get(entity.id, ["none"])
        for role in roles[:2]:
            yield f"role {role}"
            yield f"role {role} {kind}"
            yield f"role {role} {self._place.family}"
        yield f"role {roles[0]} start {self.start}"
        yield f"role {roles[0]} tags {self.tags}"
        yield f"roles {roles[0]} {kind} tags {self.tags}"
        if self._parallel:
            yield f"parallel {self._parallel == entity.id}"

    def where(self, mention: Mention) -> str:
        """Where the mention stands: clause, sentence, paragraph, or further off, and on which side."""
        place, begin = self._place, mention.span.begin
        if begin >= place.quantity.span.end:
            if begin >= place.sentence.span.end:
                return "z"
            return f"a{'0' if begin == place.quantity.span.end else '1' if begin < place.clause.end else '2'}"
        if begin >= place.sentence.span.begin:
            between = sum(begin < c.begin <= place.clause.begin for c in place.sentence.clauses)
            return f"s{min(between, _MANY)}" if begin < place.clause.begin else "c"
        return self._far(begin)

    def _far(self, begin: int) -> str:
        """Where a mention before the sentence stands."""
        sentence, segmentation = self._place.sentence, self._scene.segmentation
        blocks = segmentation.blocks
        if begin >= sentence.block.span.begin:
            between = sum(begin < s.span.begin <= sentence.span.begin for s in segmentation.sentences)
            return f"p{min(between, _MANY)}"
        if begin < blocks[0].span.end:
            return "title"
        return f"q{next((n for n in (1, 2) if begin >= blocks[max(0, sentence.paragraph - n)].span.begin), 3)}"

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
        ids = [e.id for _, e in self.here]
        here = [e.id for m, e in self.here if m.span.begin >= self._place.clause.begin]
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

    def role(self, entity: Entity) -> str:
        """The role of the entity's nearest mention before the number, with how far back it is."""
        return self._roles.get(entity.id, ["none"])[0]

    def _counted(self, entity: Entity, kind: str, where: str) -> Iterator[str]:
        """The words of the figure (what is counted, what is done) with the class and the role of the entity."""
        place = self._place
        word, second = place.before[0] if place.before else "", place.before[1] if len(place.before) > 1 else ""
        follow, verb, role = place.after[0] if place.after else "", place.verb or "-", self.role(entity).split()[0]
        yield from (f"{kind} n {follow}", f"{where[:1]} n {follow}", f"{kind} u {place.unit} n {follow}")
        yield from (f"{kind} v {verb}", f"{role} v {verb}", f"{where[:1]} v {verb} {kind}")
        yield from (f"{kind} w2 {second}", f"{kind} ww {second} {word}", f"{role} ww {second} {word}")
        yield f"{kind} u {place.unit} {role}"
        yield f"{kind} {role} subject {self._subject}"

    def _recalled(self, entity: Entity, kind: str, where: str) -> Iterator[str]:
        """Whether the words that open the clause or sentence recall the entity (学院, 全市), and how fresh it is."""
        role = self.role(entity).split()[0]
        latest, only = self._latest.get(kind) == entity.id, self._scene.kinds[kind] == 1
        yield from (f"latest {latest} {only} {kind}", f"latest {latest} {where[:1]} {kind}", f"only {only} {where}")
        recent = self._recent.index(entity.id) if entity.id in self._recent else _RECENT
        yield from (f"recent {min(recent, _RECENT)} {kind}", f"recent {min(recent, _RECENT)} {role}")
        yield f"paragraph {min(_MANY, self._paragraph[entity.id])} {where[:1]} {kind}"
        for name, words in zip(("clause", "sentence"), self.opens, strict=True):
            match = self._match(words, entity)
            yield from (f"open {name} {match} {latest}", f"open {name} {match} {where}")
            yield from (f"open {name} {match} {kind} {latest}", f"open {name} {words} {kind} {latest}")
            yield from (f"open {name} {words} {kind}", f"open {name} {words} {role}")

    def _match(self, words: str, entity: Entity) -> str:
        """How `words` name the entity: by the end of its name, that without a pointing 全 or 该, or by a part of it."""
        if not words:
            return "-"
        core = words[1:] if words[0] in self._scene.surroundings.pointing else words
        names = entity.names
        if any(n.endswith(words) for n in names):
            return "end"
        if core and any(n.endswith(core) for n in names):
            return "core"
        return "in" if any(words in n for n in names) else "-"
