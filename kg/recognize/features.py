"""What the tagger sees of each character: its neighbours, its word, the lists it stands in, the noun ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg.recognize.boundaries import directed
from kg.recognize.gazetteer import Gazetteer, Heads

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.segment import Sentence

_PAD = "  "
_FAR = 4  # distances in words are told apart up to this many
_LONG_QUOTE = 30  # what stands longer between quotation marks is speech
_SHORT_QUOTE = 12  # and what is no longer than this may well be a name


FIELDS = (
    "character", "word", "tag", "run", "head", "list", "block", "pair", "ending", "next", "surname", "letter",
    "quote", "after",
)  # fmt: skip


class Character(NamedTuple):
    """A character as the two models of the tagger see it."""

    features: list[str]  # for the conditional random field
    fields: tuple[str, ...]  # for the encoder: one value for each of FIELDS


@dataclass(frozen=True, slots=True)
class _Word:
    """A token with what depends on it alone: its known ending and the classes that this points to."""

    text: str
    tag: str
    ending: str
    classes: str


class Features:
    """Turns a sentence into what the models of the tagger read, one :class:`Character` for each of its characters.

    Straight quotation marks, half-width punctuation and digits are read as their standard form (``recognize.toml``).
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("recognize.toml")["features"]
        self._standard = str.maketrans(table["variants"], table["standard"])
        self._open = frozenset(table["open"])
        self._close = frozenset(table["close"])
        self._stop = frozenset(table["stop"])
        self._breaking = frozenset(table["breaking_tags"])
        self._gazetteer = Gazetteer.of(domain)
        self._heads = Heads(domain)
        self._surnames = {row[0]: row[1] for row in domain.rows("gazetteer/surnames.tsv")}
        self._letters = frozenset(n for n, kind, *_ in domain.rows("gazetteer/regions.tsv") if kind == "letter")
        self._words: dict[tuple[str, str], _Word] = {}

    def __call__(self, text: str, sentence: Sentence) -> list[Character]:
        """The features of every character of `sentence`, a part of `text`."""
        begin, end = sentence.span.begin, sentence.span.end
        line = directed(text[begin:end]).translate(self._standard)
        words = [self._word(line[t.span.begin - begin : t.span.end - begin], t.tag) for t in sentence.tokens]
        lists = ["-", *self._listed(line), "-"]
        quotes = self._quotes(line)
        runs, heads = self._ahead(words)
        padded = _PAD + line + _PAD
        block = sentence.block.kind[0]
        found: list[Character] = []
        for word, run, head, (before, after, ending, following) in zip(
            words, runs, heads, _contexts(words, heads), strict=True
        ):
            last = len(word.text) - 1
            for at in range(last + 1):
                i = len(found)
                place = "S" if not last else "B" if not at else "E" if at == last else "I"
                b2, b1, char, c1, c2 = tuple(padded[i : i + 5])
                written, noun, listed = f"w{place}{word.text}", f"n{place}{head}", "G" + lists[i + 1]
                pair, quote = f"f{char}{c1}", quotes[i]
                row = [
                    "a" + char, f"d{b2}{b1}", f"e{b1}{char}", pair, f"g{c1}{c2}", f"h{b1}{char}{c1}",
                    written, noun, listed, f"G+{lists[i + 1]}|{lists[i + 2]}",
                    *quote, before, after, ending, following,
                ]  # fmt: skip
                surname = letter = ""
                if char in self._surnames:
                    surname = f"s{self._surnames[char]}{place}{word.tag}"
                    row.append(surname)
                if char in self._letters:
                    letter = "L" + place
                    row.append(letter)
                fields = (
                    char, written, f"t{place}{word.tag}", f"r{place}{run}", noun, listed, f"p{place}{block}",
                    pair, ending, following, surname, letter, quote[0], quote[-1],
                )  # fmt: skip
                found.append(Character(row, fields))
        return found

    def _word(self, text: str, tag: str) -> _Word:
        word = self._words.get((text, tag))
        if word is None:
            word = self._words[text, tag] = _Word(text, tag, *(self._heads.ending(text) or ("", "")))
        return word

    def _listed(self, line: str) -> list[str]:
        """For each character, where it stands in which kind of gazetteer entry."""
        marks = ["-"] * len(line)
        for match in self._gazetteer.matches(line):
            marks[match.begin : match.end] = ["I" + match.kind] * (match.end - match.begin)
            marks[match.begin] = "B" + match.kind
            marks[match.end - 1] = "E" + match.kind
        return marks

    def _quotes(self, line: str) -> list[tuple[str, ...]]:
        """For each character, whether it stands in quotation marks and what follows them."""
        marks: list[tuple[str, ...]] = [("qO",)] * len(line)
        opened = -1
        for at, char in enumerate(line):
            if char in self._open:
                opened = at
                marks[at] = ("q(",)
            elif char in self._close:
                if opened >= 0 and at - opened <= _LONG_QUOTE:
                    length = "s" if at - opened - 1 <= _SHORT_QUOTE else "l"
                    follows = "l" + line[at + 1 : at + 3]
                    marks[opened : at + 1] = [("qq" + length, follows)] * (at + 1 - opened)
                    marks[opened] = ("q(" + length, follows)
                    if opened + 1 < at:
                        marks[opened + 1] = ("qQ" + length, follows)
                    marks[at] = ("q)" + length, follows)
                else:
                    marks[at] = ("q)",)
                opened = -1
        return marks

    def _ahead(self, words: list[_Word]) -> tuple[list[str], list[str]]:
        """For each word, the noun that ends its run of content words and the next head noun, with distances."""
        runs, heads = [""] * len(words), [""] * len(words)
        run = head = ""
        run_at = head_at = 0
        for at in range(len(words) - 1, -1, -1):
            word = words[at]
            if word.text in self._stop or word.tag in self._breaking:
                run = ""
                if word.text in self._stop:
                    head = ""
            elif not run:
                run, run_at = word.classes or "?" + word.text[-1], at
            if word.classes:
                head, head_at = word.classes, at
            if run:
                runs[at] = f"{run}{min(run_at - at, _FAR)}"
            if head:
                heads[at] = f"{head}{min(head_at - at, _FAR)}"
        return runs, heads


def _contexts(words: list[_Word], heads: list[str]) -> list[tuple[str, str, str, str]]:
    """For each word what all its characters share: the words beside it, its own ending, the noun ahead of the next."""
    around = ["<", *(word.text for word in words), ">"]
    ahead = [*heads[1:], ""]
    return [
        (f"V-{around[at]}|{word.text}", f"V+{word.text}|{around[at + 2]}", "H" + word.ending, "N" + ahead[at])
        for at, word in enumerate(words)
    ]
