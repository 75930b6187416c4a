"""What a number may be about: the entities in its reach and nothing at all, each with the features that hold of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.relate.context import Context
from kg.relate.scene import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.model import Entity, Mention
    from kg.recognize.quantities import Quantity
    from kg.relate.choice import Features
    from kg.relate.scene import Decision, Place, Scene

_MANY = 4  # counts are told apart up to this


@dataclass(frozen=True, slots=True)
class Option:
    """An entity that a number may be about, by its mention that speaks for it; None for "no figure at all".

    `where` the mention stands and what `role` it has are told as in the features, which hold whatever was decided
    of the figures before.
    """

    entity: Entity | None
    mention: Mention | None
    features: Features
    where: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A number with its options: nothing first, and then every entity in reach in order of first mention."""

    place: Place
    context: Context
    options: tuple[Option, ...]

    def carried(self, decisions: Sequence[Decision]) -> list[list[str]]:
        """For each option the further features that hold where `decisions` were made of the figures before."""
        begin = self.place.sentence.span.begin
        here = sum(d.quantity.number.begin >= begin for d in decisions)
        nothing = [f"0 figures {min(_MANY, here)}"]
        if not decisions:
            return [nothing, *([] for _ in self.options[1:])]
        chain = _Chain(self.place, self.context, decisions)
        return [nothing, *(list(chain.features(option)) for option in self.options[1:])]


def offer(scene: Scene, quantity: Quantity) -> Offer | None:
    """The options of `quantity`."""
    sentence = scene.segmentation.sentence_at(quantity.number.begin)
    if sentence is None:
        return None
    place = scene.surroundings.place(scene.text, quantity, sentence)
    context = Context(scene, place)
    found = [Option(None, None, tuple(_nothing(scene, place)))]
    for entity in scene.entities:
        mention = context.mention(entity)
        if mention is not None:
            where, role = context.where(mention), context.role(entity)
            found.append(Option(entity, mention, tuple(context.features(entity, mention)), where, role))
    return Offer(place, context, tuple(found))


def _nothing(scene: Scene, place: Place) -> Iterator[str]:
    """The features of a number that is no figure."""
    quantity, text = place.quantity, scene.text
    script = "9" if quantity.number.of(text)[0].isdigit() else "c"
    size = str(quantity.value) if quantity.value in (1, 2, 3) else ("s" if quantity.value < 10 else "l")  # noqa: PLR2004
    before = shown(text[max(0, quantity.span.begin - 1) : quantity.span.begin])
    after = shown(text[quantity.span.end : quantity.span.end + 1])
    time = next((t.kind for t in scene.times if t.span.overlaps(quantity.number)), "")
    kind = f"{script}{size}"
    (word, second), (follow, next_) = _two(place.before), _two(place.after)
    yield from ("0", f"0 {kind}", f"0 u {place.unit}", f"0 u {place.unit} {kind}", f"0 f {place.family} {script}")
    yield from (f"0 t {time}", f"0 t {time} {script} {place.family}", f"0 q {quantity.qualifier}")
    yield from (f"0 b {before}", f"0 b {before} {place.unit}", f"0 a {after}", f"0 a {after} {place.unit}")
    yield from (f"0 w {word}", f"0 n {follow}", f"0 n {follow} {place.unit}", f"0 v {place.verb}")
    yield from (f"0 ww {second} {word}", f"0 nn {follow} {next_}", f"0 w {word} {place.unit}", f"0 wn {word} {follow}")
    yield from (f"0 v {place.verb} {place.unit}", f"0 wf {word} {place.family}", f"0 surface {quantity.surface}")
    yield f"0 block {place.sentence.block.kind}"
    yield f"0 begin {quantity.span.begin - place.clause.begin < 2} {script} {place.family}"  # noqa: PLR2004
    yield f"0 end {place.clause.end - quantity.span.end < 2} {script} {place.family}"  # noqa: PLR2004
    is_pronoun = any(m.span.overlaps(quantity.number) for m, _ in scene.within(place.sentence.span))
    yield f"0 pronoun {is_pronoun}"
    yield f"0 quoted {before in '“‘《「' if before else False} {script}"


class _Chain:
    """The figures before a number, as far as they tell what it is about: topics are carried on."""

    def __init__(self, place: Place, context: Context, decisions: Sequence[Decision]) -> None:
        self._place, self._context = place, context
        self._last = decisions[-1]
        begin = self._last.quantity.span.begin
        blocks = (("clause", place.clause), ("sentence", place.sentence.span), ("paragraph", place.sentence.block.span))
        self._near = next((name for name, span in blocks if begin >= span.begin), "far")
        self._other = next((d.entity for d in reversed(decisions) if d.entity is not self._last.entity), None)
        self._new = [e.id for m, e in context.here if m.span.begin >= self._last.quantity.span.end]
        self._said = Counter(d.entity.id for d in decisions)
        self._leading = self._said.most_common(1)[0][0]
        self._firsts = tuple(
            next((d.entity for d in decisions if d.quantity.number.begin >= span.begin), None)
            for span in (place.sentence.span, place.sentence.block.span)
        )
        self._clauses = sum(
            self._last.quantity.span.end <= c.begin <= place.clause.begin for c in place.sentence.clauses
        )

    def features(self, option: Option) -> Iterator[str]:
        """Whether the figures before were about the entity of `option` too."""
        entity, place, context = option.entity, self._place, self._context
        if entity is None:
            return
        kind, last, near = entity.type, self._last, self._near
        same = last.entity is entity
        fresh = ("it" if entity.id in self._new else "other") if self._new else "none"
        word, second = _two(place.before)
        head, role = f"last {same} {near}", option.role.split()[0]
        yield from (head, f"{head} {fresh}", f"{head} {fresh} {kind}", f"{head} start {context.start}")
        alike = last.quantity.unit == place.quantity.unit
        yield from (f"{head} f {place.family} {alike}", f"{head} w {word}", f"last {same} ww {second} {word}")
        yield from (f"{head} open {context.opens[0]}", f"{head} v {place.verb}", f"{head} u {place.unit} {kind}")
        yield from (f"{head} {option.where} {kind}", f"{head} {role} {fresh} {kind}", f"{head} tags {context.tags}")
        yield from (f"{head} n {_two(place.after)[0]}", f"{head} uu {last.quantity.unit} {place.quantity.unit}")
        yield from (f"{head} {fresh} {last.entity.type} {kind}", f"{head} clauses {min(self._clauses, 3)} {kind}")
        leads = self._leading == entity.id
        yield from (f"leading {leads} {same} {near}", f"leading {leads} {same} {near} {fresh}")
        yield from (f"other {self._other is entity} {near} {fresh}", f"other {self._other is entity} {near} {kind}")
        yield from (f"said {min(self._said[entity.id], 2)} {near}", f"roles {option.role} {same}")
        yield f"first {self._firsts[0] is entity} {same} {fresh} sentence"
        yield f"first {self._firsts[1] is entity} {same} {near} {fresh}"
        yield f"share {same} {place.family} {alike} {kind} {fresh} {near}"


def _two(words: Sequence[str]) -> tuple[str, str]:
    """The two nearest of `words`, empty where there are none."""
    return words[0] if words else "", words[1] if len(words) > 1 else ""
