"""What the tagger sees of each character: its neighbours, its word, lists it stands in, and the noun ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.recognize.boundaries import directed
from kg.recognize.gazetteer import Gazetteer, Heads

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.segment import Segmentation, Sentence

import os
TG = os.environ.get("TG","VlRx")
_PAD = "  "


class Features:
    """Turns sentences into the feature strings that :mod:`pycrfsuite` reads, one list per character."""

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("recognize.toml")["features"]
        self._alike = str.maketrans(table["variants"], table["standard"])
        self._open = table["open"]
        self._close = table["close"]
        self._stop = frozenset(table["stop"])
        self._break = frozenset(table["breaking_tags"])
        self._noun = tuple(table["nominal_tags"])
        self._gazetteer = Gazetteer.of(domain)
        self._heads = Heads(domain)
        self._surnames = dict(domain.rows("gazetteer/surnames.tsv"))
        self._letters = {name for name, kind, *_ in domain.rows("gazetteer/regions.tsv") if kind == "letter"}
        self._known: dict[str, tuple[str, str, str]] = {}

    def _word(self, word: str) -> tuple[str, str, str]:
        """Ending, classes of the ending, shape: all that depends on the word alone."""
        found = self._heads.ending(word)
        shape = "n" if word.isdigit() else "l" if word.isascii() else "c"
        self._known[word] = known = (*(found or ("", "")), shape)
        return known

    def __call__(self, text: str, sentence: Sentence, counts=None) -> list[list[str]]:
        begin, end = sentence.span.begin, sentence.span.end
        chars = directed(text[begin:end]).translate(self._alike)
        size = len(chars)
        tokens = sentence.tokens
        words = [chars[t.span.begin - begin : t.span.end - begin] for t in tokens]
        tags = [t.tag for t in tokens]
        count = len(words)
        known = self._known
        infos = [known.get(w) or self._word(w) for w in words]
        # gazetteer
        gaz = ["-"] * size
        for m in self._gazetteer.matches(chars):
            gaz[m.begin] = "B" + m.kind
            for k in range(m.begin + 1, m.end - 1):
                gaz[k] = "I" + m.kind
            gaz[m.end - 1] = "E" + m.kind
        # quotes
        quote = ["O"] * size
        later = [""] * size
        opened = -1
        for i, c in enumerate(chars):
            if c in self._open:
                opened = i
                quote[i] = "("
            elif c in self._close:
                if 0 <= opened and i - opened <= 30:
                    long = "s" if i - opened <= 13 else "l"
                    after = chars[i + 1 : i + 3]
                    for k in range(opened, i + 1):
                        later[k] = after
                    for k in range(opened + 1, i):
                        quote[k] = "q" + long
                    if opened + 1 < i:
                        quote[opened + 1] = "Q" + long
                    quote[opened] = "(" + long
                    quote[i] = ")" + long
                else:
                    quote[i] = ")"
                opened = -1
        # the noun that ends the run of nouns a word stands in, and the next head
        run = [""] * count
        ahead = [""] * count
        last, lastdist = "", 0
        nxt, dist = "", 0
        for j in range(count - 1, -1, -1):
            w, tag, info = words[j], tags[j], infos[j]
            if w in self._stop or tag in self._break:
                last = ""
                if w in self._stop:
                    nxt, dist = "", 99
            elif not last:
                last, lastdist = info[1] or "?" + w[-1], 0
            run[j] = f"{last}{min(lastdist, 4)}" if last else ""
            lastdist += 1
            if info[1]:
                nxt, dist = info[1], 0
            ahead[j] = f"{nxt}{min(dist, 4)}" if nxt else ""
            dist += 1
        # the nearest verb before, in the clause
        verb, verbs = "", []
        for j in range(count):
            verbs.append(verb)
            if words[j] in self._stop:
                verb = ""
            elif tags[j] == "v" and not infos[j][1]:
                verb = words[j]
        verb = ""
        behind = [""] * count
        for j in range(count - 1, -1, -1):
            behind[j] = verb
            if words[j] in self._stop:
                verb = ""
            elif tags[j] == "v" and not infos[j][1]:
                verb = words[j]
        # words
        w_ = ["<", *words, ">"]
        t_ = ["<", *tags, ">"]
        block = sentence.block.kind[0]
        c = _PAD + chars + _PAD
        g = ["-", *gaz, "-"]
        rows: list[list[str]] = []
        i = 0
        for j in range(count):
            w, tag, info = words[j], tags[j], infos[j]
            n = len(w)
            wp, wn = w_[j], w_[j + 2]
            tp, tn = t_[j], t_[j + 2]
            pi, ni = (infos[j - 1] if j else ("", "", "")), (infos[j + 1] if j + 1 < count else ("", "", ""))
            shared = [
                "W-" + wp, "W+" + wn, "T3" + tp + "|" + tag + "|" + tn,
                "WW-" + wp + "|" + w, "WW+" + w + "|" + wn,
                "H" + info[0], "K" + info[1] + "|" + ni[1], "HK" + info[1] + "|" + pi[1],
                "N+" + ahead[j + 1] if j + 1 < count else "N+",
                *(("V-" + verbs[j], "V+" + behind[j]) if "V" in TG else ()),
                "T-2" + (t_[j - 1] if j else "<<") + "|" + tp, "T+2" + tn + "|" + (t_[j + 3] if j + 2 < count else ">>"),
            ]  # fmt: skip
            for k in range(n):
                p = "S" if n == 1 else "B" if k == 0 else "E" if k == n - 1 else "I"
                c0, cp, cn = c[i + 2], c[i + 1], c[i + 3]
                row = [
                    "a" + c0, "b" + cp, "c" + cn, "d" + c[i] + cp, "e" + cp + c0, "f" + c0 + cn, "g" + cn + c[i + 4],
                    "h" + cp + c0 + cn,
                    "w" + p + w, "t" + p + tag, "r" + p + run[j], "n" + p + ahead[j],
                    "G" + g[i + 1], "G-" + g[i] + "|" + g[i + 1], "G+" + g[i + 1] + "|" + g[i + 2],
                    "q" + quote[i], "p" + p + block,
                ]  # fmt: skip
                if later[i] and "l" in TG:
                    row.append("l" + later[i])
                if c0 in self._surnames:
                    row.append("s" + self._surnames[c0] + p + tag)
                    if "x" in TG: row.append("x" + c[i + 4] + "|" + c[i + 5] if i + 5 < len(c) else "x")
                    if "R" not in TG: pass
                    at = begin + i
                    two, three = text[at : at + 2], text[at : at + 3]
                    k2, k3 = text.count(two), text.count(three)
                    if "R" in TG: row.append(f"R{min(k2, 4)}{min(k3, 4)}")
                if c0 in self._letters:
                    row.append("L" + p)
                row += shared
                rows.append(row)
                i += 1
        return rows
