"""Compare how many written numbers are read rightly, by kg and by cn2an, over tests/data/numerals.tsv.

Run it with the dependency group `bench` installed: `python bench/numerals.py`. cn2an reads numerals, no units and no
hedges; so only the value counts here, and it is asked in both ways it has: `cn2an` for the words as they stand, else
`transform` for the first number that it makes of them (a share in per cent is granted it, and so is a fraction).
"""

from __future__ import annotations

import re
import sys
import warnings
from decimal import Decimal
from pathlib import Path

try:
    import cn2an
except ImportError:
    sys.exit("cn2an, which this compares with, is not installed: pip install cn2an==0.5.24")

from kg.domain import Domain
from kg.model import Document
from kg.recognize import QuantityRecognizer
from kg.recognize.numerals import NumeralGrammar
from kg.segment import Segmenter

TABLE = Path(__file__).parent.parent / "tests" / "data" / "numerals.tsv"
_NUMBER = re.compile(r"(?P<part>-?\d+(?:\.\d+)?)(?:/(?P<whole>\d+))?")
_CENT = Decimal("0.01")


def by_cn2an(text: str) -> Decimal | None:
    """The value that cn2an finds in `text`."""
    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except (ValueError, KeyError):  # it meets some with a fault of its own
        pass
    try:
        found = _NUMBER.search(cn2an.transform(text, "cn2an"))
    except (ValueError, KeyError):  # it meets some with a fault of its own
        return None
    if found is None:
        return None
    if found["whole"]:
        return (Decimal(found["part"]) * 100 / Decimal(found["whole"])).quantize(_CENT)
    return Decimal(found["part"])


def main() -> None:
    """Print how many rows each reads rightly, and those that cn2an alone does."""
    warnings.simplefilter("ignore")
    domain = Domain.default()
    grammar, segment, read = NumeralGrammar.of(domain), Segmenter(domain), QuantityRecognizer(domain)
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    counts = {"plain": [0, 0, 0], "with unit or hedge": [0, 0, 0]}
    for text, value, unit, qualifier in rows:
        is_plain = unit == qualifier == "-"
        if is_plain:
            ours: Decimal | None = grammar.value(text)
        else:
            found = read(segment(Document("a", f"这里有{text}。", "")))
            ours = found[0].value if len(found) == 1 else None
        theirs = by_cn2an(text)
        count = counts["plain" if is_plain else "with unit or hedge"]
        for i, is_right in enumerate((True, ours == Decimal(value), theirs == Decimal(value))):
            count[i] += is_right
        if theirs == Decimal(value) != ours:
            print(f"cn2an alone: {text}")
    print(f"{'':20}{'rows':>6}{'kg':>6}{'cn2an':>7}")
    for name, (total, ours_right, theirs_right) in {
        **counts,
        "all": [*map(sum, zip(*counts.values(), strict=True))],
    }.items():
        print(f"{name:20}{total:>6}{ours_right:>6}{theirs_right:>7}")


if __name__ == "__main__":
    main()
