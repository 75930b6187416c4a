"""What can be observed about a candidate pair: the words around and between, clauses, distance, frames, assertion."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.model import Span
    from kg.relate.assertion import Scope
    from kg.relate.candidates import Candidate
    from kg.relate.clauses import Argument, Marks, Reading, Unit, View
    from kg.relate.subjects import Subjects

_NEAR = 5  # words on either side that are observed
_LITERAL = 5  # so many words between are also taken as a whole
_CAP = 4  # counts beyond are all the same
_PATH = 10  # an abstract path longer than this says nothing
_NEXT = 2  # words on either side whose order is observed
_SHORT = 2
_UNIT = 6  # members of an apposition that are told, the first ones
_STOPS = frozenset("，。；：！？、,;:!?")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a view, or an argument (written as the family of its class) with its unit."""

    text: str
    span: Span
    unit: Unit | None = None
    role: str = ""


class Lexicon:
    """The trigger groups and linking words of ``frames.toml``: what a word contributes to the path of a pair."""

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("frames.toml")
        links = table["reading"]["link"]
        self._roles = {w: w for w in (*links["words"], *links["pauses"])}
        self.relations: dict[str, frozenset[str]] = {}
        for row in table["trigger"]:
            self.relations[row["group"]] = frozenset(row["relations"])
            self._roles.update({w: row["group"] for w in row["words"] if w not in self._roles})
        self._longest = max(map(len, self._roles))

    def role(self, word: str) -> str:
        """The trigger group of `word` or of the longest known word in it; the word itself if it links, else nothing."""
        shortest = 1 if len(word) <= _SHORT else _SHORT  # a single character in a long word means little
        for length in range(min(len(word), self._longest), shortest - 1, -1):
            for at in range(len(word) - length + 1):
                role: str = self._roles.get(word[at : at + length], "")
                if role:
                    return role
        return ""


class Scene:
    """A sentence prepared for observation: its words in both views and where every argument stands among them."""

    def __init__(self, reading: Reading, marks: Marks, lexicon: Lexicon, scopes: Sequence[Scope]) -> None:
        self.reading = reading
        self.scopes = scopes
        self.folded = [_classed(w, lexicon) for w in words(reading, reading.folded, marks)]
        self.flat = [_classed(w, lexicon) for w in words(reading, reading.flat, marks)]
        self.places = _places(self.folded)
        self.flat_places = _places(self.flat)
        self.indices = {a: i for i, u in reading.folded.units.items() for a in (*u.arguments, *u.modifiers)}


def words(reading: Reading, view: View, marks: Marks) -> list[Word]:
    """The words of `view`: the sentence's tokens as far as they lie between its arguments, and the arguments."""
    found: list[Word] = []
    tokens = iter(reading.sentence.tokens)
    token = next(tokens, None)
    home: Span | None = None
    for index, span in enumerate(view.origin):
        unit = view.units.get(index)
        if unit is not None:
            found.append(Word(f"<{marks.family(unit.arguments[0].type)}>", span, unit))
            home = None
            continue
        while token is not None and token.span.end <= span.begin:
            token = next(tokens, None)
        here = token.span if token is not None and token.span.begin <= span.begin else span
        char = view.text[index]
        if home == here:
            found[-1] = Word(found[-1].text + char, type(span)(found[-1].span.begin, span.end))
        else:
            found.append(Word(char, span))
        home = here
    return found


def _classed(word: Word, lexicon: Lexicon) -> Word:
    if word.unit is not None:
        return Word(word.text, word.span, word.unit, word.text)
    text = "#" if any(c.isdigit() for c in word.text) else word.text
    return Word(text, word.span, None, lexicon.role(text))


def _places(found: Sequence[Word]) -> dict[Argument, int]:
    return {a: i for i, w in enumerate(found) if w.unit for a in (*w.unit.arguments, *w.unit.modifiers)}


class Observer:
    """Turns candidates into named observations, which the classifier weighs and a person can read."""

    def __init__(self, domain: Domain, marks: Marks, subjects: Subjects) -> None:
        self._marks = marks
        self._subjects = subjects
        families: dict[str, set[str]] = {}
        for name in domain.classes:
            families.setdefault(marks.family(name), set()).add(name)
        self._families = {family: frozenset(names) for family, names in families.items()}
        self._actors = domain.relations["organizes"].domain if "organizes" in domain.relations else frozenset()

    def __call__(
        self, scene: Scene, candidate: Candidate, proposed: Mapping[tuple[str, str], Iterable[str]]
    ) -> list[str]:
        """The observations of `candidate`; `proposed` are the frames that apply, by the pair they join."""
        head, tail = candidate.head, candidate.tail
        pair = f"{self._marks.family(head.type)}>{self._marks.family(tail.type)}"
        seen = [
            f"pair={pair}",
            f"types={head.type}>{tail.type}",
            f"head={head.type}>{self._marks.family(tail.type)}",
            f"tail={self._marks.family(head.type)}>{tail.type}",
        ]
        seen += [f"{pair}|ends-{role}={a.name[-2:]}" for role, a in (("head", head), ("tail", tail))]
        seen += self._scope(scene, candidate.anchor)
        context = list(self._carried(scene, candidate) if candidate.carried else self._within(scene, candidate))
        context += self._subject(scene, candidate)
        where = "C" if candidate.carried else ""
        context += [f"{where}sentence-group={g}" for g in sorted({w.role for w in scene.flat if w.role.isupper()})]
        for role, argument in (("head", head), ("tail", tail)):
            if not candidate.carried or argument is candidate.anchor:
                context.append(f"{where}unit-{role}={self._unit(scene, argument)}")
        seen += context
        seen += [f"{pair}|{c}" for c in context]
        for frame in sorted(proposed.get((head.entity, tail.entity), ())):
            seen += [f"frame={frame}", f"{pair}|frame={frame}"]
        return seen

    def _subject(self, scene: Scene, candidate: Candidate) -> Iterator[str]:
        """Whether one member is what the clause of the other speaks of, among its kind and among all that act."""
        for role, one, other in (("head", candidate.head, candidate.tail), ("tail", candidate.tail, candidate.head)):
            if other not in scene.indices or (candidate.carried and other is not candidate.anchor):
                continue
            for name, types in (("kind", self._families[self._marks.family(one.type)]), ("actor", self._actors)):
                found = self._subjects.within(scene.reading.folded, scene.indices[other], types)
                state = "none" if not found else "self" if any(a.entity == one.entity for a in found) else "other"
                yield f"{'C' if candidate.carried else ''}subject-{role}-{name}={state}"

    def _unit(self, scene: Scene, argument: Argument) -> str:
        """The apposition that `argument` stands in, as families in text order, with the argument's own in capitals."""
        if argument not in scene.places:
            return "parenthesis"
        unit = scene.folded[scene.places[argument]].unit
        members = nsmallest(_UNIT, (*unit.modifiers, *unit.arguments)) if unit else []
        families = [(self._marks.family(a.type), a) for a in members]
        return " ".join(f.upper() if a is argument else f for f, a in families)

    @staticmethod
    def _scope(scene: Scene, anchor: Argument) -> Iterator[str]:
        for scope in scene.scopes:
            yield f"modality={scope.modality}:{'in' if scope.span.covers(anchor.span) else 'out'}"

    def _carried(self, scene: Scene, candidate: Candidate) -> Iterator[str]:
        carried = candidate.carried
        if carried is None:
            return
        role = "H" if carried.argument is candidate.head else "T"
        tags = [
            f"back={min(carried.distance, 3)}",
            f"subject={carried.is_subject}",
            f"latest={carried.is_latest}",
            f"paragraph={carried.same_paragraph}",
            f"section={carried.same_section}",
            f"main={carried.is_main}",
        ]
        yield from (f"C{role}:{t}" for t in tags)
        yield f"C{role}:{','.join(tags)}"
        found, place = self._line(scene, candidate.anchor)
        begin = max((i + 1 for i in range(place) if found[i].text in _STOPS), default=0)
        family = f"<{self._marks.family(carried.argument.type)}>"
        rival = any(w.text == family for w in found[:place])
        yield f"C{role}:rival={rival}"
        yield f"C{role}:rivalclause={any(w.text == family for w in found[begin:place])}"
        yield f"C{role}:first={not any(w.unit for w in found[:place])}"
        yield from self._around(f"C{role}", found, place, place)
        for word in found[begin:place]:
            yield f"C{role}:in={word.text}"
        path = [w.role for w in found[begin:place] if w.role]
        clause = min((i for i in range(place + 1, len(found)) if found[i].text in _STOPS), default=len(found))
        ahead = [w.role for w in found[place + 1 : clause] if w.role][:3]
        yield f"C{role}:path={' '.join(path[-4:])}"
        yield f"C{role}:ahead={' '.join(ahead)}"
        yield f"C{role}:last-group={next((r for r in reversed(path) if r.isupper()), '')}"
        yield from (f"C{role}:ahead-has={r}" for r in ahead)
        yield from (f"C{role}:group={r}" for r in path if r.isupper())
        for name, opening in (("opens", found[:2]), ("clause", found[begin : begin + 2])):
            for word in opening:
                yield f"C{role}:{name}={word.text}"

    @staticmethod
    def _line(scene: Scene, *arguments: Argument) -> tuple[list[Word], int]:
        if all(a in scene.places for a in arguments):
            return scene.folded, scene.places[arguments[0]]
        return scene.flat, scene.flat_places[arguments[0]]

    def _within(self, scene: Scene, candidate: Candidate) -> Iterator[str]:
        head, tail = candidate.head, candidate.tail
        folded = head in scene.places and tail in scene.places
        found, places = (scene.folded, scene.places) if folded else (scene.flat, scene.flat_places)
        if not folded:
            yield "parenthesis"
        first, second = sorted((places[head], places[tail]))
        order = ">" if head.span < tail.span else "<"
        if first == second:
            yield from self._together(scene, found, first, candidate, order)
            return
        between = found[first + 1 : second]
        yield f"{order}units={min(sum(w.unit is not None for w in between), _CAP)}"
        yield f"{order}clauses={min(sum(w.text in '，；：。' for w in between), _CAP)}"
        yield f"{order}words={min(len(between) // 2, 8)}"
        for word in between:
            yield f"{order}mid={word.text}"
        if len(between) <= _LITERAL:
            yield f"{order}all={' '.join(w.text for w in between)}"
        yield from self._path(order, found, first, second)
        plain = [w.text for w in between if w.unit is None and w.text not in _STOPS]
        if plain:
            yield f"{order}last={plain[-1]}"
            yield f"{order}first={plain[0]}"
        families = {role: f"<{self._marks.family(a.type)}>" for role, a in (("head", head), ("tail", tail))}
        for role, family in families.items():
            yield f"{order}rival-{role}={min(sum(w.text == family for w in between), 2)}"
        yield from self._around(order, found, first, second)
        yield from self._standing(order, found, first, "1")
        yield from self._standing(order, found, second, "2")
        for role, argument, place in (("head", head, places[head]), ("tail", tail, places[tail])):
            unit = found[place].unit
            if unit and argument in unit.modifiers:
                yield f"{order}{role}-modifies={self._marks.family(unit.arguments[0].type)}"
            elif unit and len(unit.arguments) > 1:
                yield f"{order}{role}-coordinated"

    @staticmethod
    def _path(tag: str, found: list[Word], first: int, second: int) -> Iterator[str]:
        """The pair's abstract path: trigger groups, linking words and arguments, without all other words."""
        path = [w.role for w in found[first + 1 : second] if w.role]
        groups = [r for r in path if r.isupper()]
        clause = min((i for i in range(second + 1, len(found)) if found[i].text in _STOPS), default=len(found))
        ahead = [w.role for w in found[second + 1 : clause + 1] if w.role][:3]
        opening = max((i for i in range(first) if found[i].text in _STOPS), default=-1)
        behind = [w.role for w in found[opening + 1 : first] if w.role][-3:]
        if len(path) <= _PATH:
            yield f"{tag}path={' '.join(path)}"
        if len(groups) <= _CAP:
            yield f"{tag}groups={' '.join(groups)}"
        yield f"{tag}last-group={groups[-1] if groups else ''}"
        yield f"{tag}first-group={groups[0] if groups else ''}"
        yield f"{tag}ends={' '.join(path[:2])}~{' '.join(path[-2:])}"
        yield f"{tag}ahead={' '.join(ahead)}"
        yield f"{tag}behind={' '.join(behind)}"
        yield f"{tag}ahead1={' '.join(ahead[:1])}|{groups[-1] if groups else ''}"
        yield f"{tag}behind1={' '.join(behind[-1:])}|{groups[-1] if groups else ''}"
        yield from (f"{tag}group={g}" for g in groups)
        yield from (f"{tag}ahead-has={r}" for r in ahead)
        yield from (f"{tag}behind-has={r}" for r in behind)

    def _together(self, scene: Scene, found: list[Word], place: int, candidate: Candidate, order: str) -> Iterator[str]:
        """Two arguments of one unit: coordinated with each other or in apposition."""
        unit = found[place].unit
        if unit is None:
            return
        both = candidate.head in unit.arguments and candidate.tail in unit.arguments
        yield f"{order}{'coordinated' if both else 'apposed'}"
        one, two = sorted((scene.flat_places[candidate.head], scene.flat_places[candidate.tail]))
        between = [w.text for w in scene.flat[one + 1 : two]]
        if len(between) <= _LITERAL:
            yield f"{order}inner={' '.join(between)}"
        yield from self._path("U" + order, found, place, place)
        yield f"{order}inner-units={min(sum(t.startswith('<') for t in between), _CAP)}"
        yield f"{order}size={min(len(unit.arguments), _CAP)}"
        yield f"{order}unit={found[place].text}"
        yield from self._around("U" + order, found, place, place)
        yield from self._standing("U" + order, found, place, "1")

    @staticmethod
    def _around(tag: str, found: list[Word], first: int, second: int) -> Iterator[str]:
        before = found[max(0, first - _NEAR) : first][::-1]
        after = found[second + 1 : second + 1 + _NEAR]
        for name, side in (("before", before), ("after", after)):
            for i, word in enumerate(side):
                if i < _NEXT:
                    yield f"{tag}{name}{i}={word.text}"
                yield f"{tag}{name}={word.text}"
            if not side:
                yield f"{tag}{name}-edge"

    @staticmethod
    def _standing(tag: str, found: list[Word], place: int, which: str) -> Iterator[str]:
        clause = max((i + 1 for i in range(place) if found[i].text in _STOPS), default=0)
        yield f"{tag}lead{which}={not any(w.unit for w in found[clause:place])}"
        yield f"{tag}sentence-lead{which}={not any(w.unit for w in found[:place])}"
        previous = found[place - 1].text if place else "^"
        following = found[place + 1].text if place + 1 < len(found) else "$"
        yield f"{tag}prev{which}={previous}"
        yield f"{tag}next{which}={following}"
