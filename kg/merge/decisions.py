"""What people have decided: ``decisions.yaml`` beside the sources, checked on load and replayed at every build."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

import msgspec
import yaml

from kg.errors import DecisionError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from kg.domain import Domain

Kind = Literal["merge", "split", "rename", "retype", "reject", "add"]
FILE = "decisions.yaml"
_NEEDED: dict[str, tuple[str, ...]] = {
    "merge": ("things",),
    "split": ("thing", "documents"),
    "rename": ("thing", "name"),
    "retype": ("thing", "class"),
    "reject": ("head", "relation", "tail"),
    "add": ("head", "relation", "tail", "document", "quote"),
}
_ALWAYS = ("author", "date", "reason")
_LEAST = 2  # things that can be merged


@dataclass(frozen=True, slots=True)
class Thing:
    """Who is meant: the entities with this name or alias, of this class and in these documents where given."""

    name: str
    type: str | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: what is done to which things, by whom, when and why.

    `things` are those merged, or the one that is split, renamed or retyped; or head and tail of a fact.
    """

    kind: Kind
    things: tuple[Thing, ...]
    author: str
    date: str
    reason: str
    documents: tuple[str, ...] = ()
    name: str = ""
    type: str = ""
    relation: str = ""
    quote: str = ""

    def to_json(self) -> str:
        """The decision as JSON, from which :meth:`from_json` makes it again."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Decision:
        """The decision that `text` holds; `ValueError` where it holds none."""
        return msgspec.json.decode(text, type=cls)

    def as_entry(self) -> dict[str, Any]:
        """The decision as it stands in the file."""
        entry: dict[str, Any] = {"do": self.kind}
        things = [_written(thing) for thing in self.things]
        if self.kind == "merge":
            entry["things"] = things
        elif self.relation:
            entry |= {"head": things[0], "relation": self.relation, "tail": things[1]}
        else:
            entry["thing"] = things[0]
        entry |= {"name": self.name} if self.name else {}
        entry |= {"class": self.type} if self.type else {}
        if self.kind == "split":
            entry["documents"] = list(self.documents)
        if self.kind == "add":
            entry |= {"document": self.documents[0], "quote": self.quote}
        return entry | {"author": self.author, "date": self.date, "reason": self.reason}


def read_decisions(path: Path, domain: Domain) -> tuple[Decision, ...]:
    """The decisions in the file at `path`; :class:`kg.errors.DecisionError` names the entry that is wrong, and why.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "decisions.yaml")
    ...     entry = "- {do: rename, thing: 市总, name: 福州市总工会, author: 王芳, date: 2026-03-01, reason: 全称}"
    ...     _ = path.write_text(entry, encoding="utf-8")
    ...     [(d.kind, d.things[0].name, d.name) for d in read_decisions(path, Domain.default())]
    [('rename', '市总', '福州市总工会')]
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        entries = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        msg = f"{path}: not a YAML file that can be read ({reason})"
        raise DecisionError(msg) from error
    if entries is None:
        return ()
    if not isinstance(entries, list):
        msg = f"{path}: a list of decisions is wanted, each beginning with `- do: …`"
        raise DecisionError(msg)
    decisions = []
    lines = [place.start_mark.line + 1 for place in getattr(yaml.compose(text, Loader=_Loader), "value", ())]
    for number, (entry, line) in enumerate(zip(entries, lines, strict=True), 1):
        try:
            decisions.append(_decision(entry, domain))
        except ValueError as error:
            msg = f"{path}: decision {number} (line {line}): {error}"
            raise DecisionError(msg) from error
    return tuple(decisions)


def write_entries(decisions: Sequence[Decision]) -> str:
    """The decisions as lines of the file, to be put at its end."""
    entries = [d.as_entry() for d in decisions]
    return yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000) if entries else ""


class _Loader(yaml.SafeLoader):
    """YAML without surprises: a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        keys = [key.value for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(None, None, f"{twice} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> dt.date:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError as error:
            problem = f"{node.value} is no date"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def _decision(entry: object, domain: Domain) -> Decision:
    if not isinstance(entry, dict):
        msg = "not a set of fields such as `do: merge`"
        raise ValueError(msg)  # noqa: TRY004 - all that is wrong with a file is one kind of error
    kind = entry.get("do")
    if kind not in _NEEDED:
        msg = f"`do` is one of {', '.join(get_args(Kind))}, not {kind}"
        raise ValueError(msg)
    wanted = ("do", *_NEEDED[kind], *_ALWAYS)
    missing = [field for field in wanted if entry.get(field) in (None, "", [])]
    unknown = [str(field) for field in entry if field not in wanted]
    if missing or unknown:
        told = [f"{', '.join(missing)} missing"] if missing else []
        told += [f"{', '.join(unknown)} unknown"] if unknown else []
        msg = f"{kind}: {'; '.join(told)} (fields: {', '.join(wanted)})"
        raise ValueError(msg)
    given = entry["things"] if kind == "merge" else [entry[f] for f in ("thing", "head", "tail") if f in entry]
    if not isinstance(given, list) or (kind == "merge" and len(given) < _LEAST):
        msg = "merge: `things` lists two or more"
        raise ValueError(msg)
    documents = entry.get("documents", [entry["document"]] if "document" in entry else [])
    if not isinstance(documents, list):
        msg = "`documents` is a list"
        raise ValueError(msg)  # noqa: TRY004
    relation, cls = entry.get("relation", ""), entry.get("class", "")
    if relation and relation not in domain.relations:
        msg = f"{relation} is no relation of the ontology"
        raise ValueError(msg)
    return Decision(
        cast("Kind", kind),
        tuple(_thing(each, domain) for each in given),
        str(entry["author"]),
        _date(entry["date"]),
        str(entry["reason"]),
        tuple(map(str, documents)),
        str(entry.get("name", "")),
        _class(cls, domain) if cls else "",
        str(relation),
        str(entry.get("quote", "")),
    )


def _thing(given: object, domain: Domain) -> Thing:
    if isinstance(given, str):
        return Thing(given)
    if not isinstance(given, dict) or not given.get("name") or set(given) - {"name", "class", "documents"}:
        msg = f"a thing is a name, or name with class and documents, not {given}"
        raise ValueError(msg)
    documents = given.get("documents", [])
    if not isinstance(documents, list):
        msg = "`documents` is a list"
        raise ValueError(msg)  # noqa: TRY004
    cls = _class(given["class"], domain) if given.get("class") else None
    return Thing(str(given["name"]), cls, tuple(map(str, documents)))


def _class(given: object, domain: Domain) -> str:
    if given not in domain.classes:
        msg = f"{given} is no class of the ontology"
        raise ValueError(msg)
    return str(given)


def _date(given: object) -> str:
    try:
        return dt.date.fromisoformat(str(given)).isoformat()
    except ValueError:
        msg = f"{given} is no date such as 2026-03-01"
        raise ValueError(msg) from None


def _written(thing: Thing) -> str | dict[str, Any]:
    said: dict[str, Any] = {"name": thing.name}
    said |= {"class": thing.type} if thing.type else {}
    said |= {"documents": list(thing.documents)} if thing.documents else {}
    return thing.name if len(said) == 1 else said
