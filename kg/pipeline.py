"""The stages joined: the only module that knows their order."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cache import ExtractionCache
from kg.domain import Domain
from kg.extracting import extract_all
from kg.invariants import check_extraction, check_graph
from kg.matching import matched, matched_document, restored
from kg.merge import merge, read_decisions
from kg.merge.decisions import FILE
from kg.model import Document, Entity, Extraction
from kg.read import Limits, read_sources
from kg.recognize import QuantityRecognizer, Recognizer, TimeRecognizer
from kg.relate import ContextReader, DatingExtractor, ObservationExtractor, OpenRelationExtractor, RelationExtractor
from kg.resolve import Resolver
from kg.segment import Segmenter
from kg.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence, Sized

    from kg.errors import SourceError
    from kg.merge import Decision, KnowledgeGraph
    from kg.read import Fields


class Pipeline:
    """Extracts what one document states: read → segment → recognize → resolve → relate.

    Loading a pipeline takes about a second; keep it for many documents. With `unasserted`, what a text only plans,
    wishes, denies or passes on comes as well, marked with its modality; with `open_relations`, what its verbs
    say of two entities that no relation of the ontology joins, as facts with a predicate.

    >>> extraction = Pipeline().extract("2024年，重庆市总工会举办了创新方法培训班。")
    >>> sorted(e.name for e in extraction.entities if e.type == "TradeUnion")
    ['重庆市总工会']
    """

    def __init__(self, domain: Domain | None = None, *, unasserted: bool = False, open_relations: bool = False) -> None:
        self.domain = domain or Domain.default()
        self._alone = self.domain.toml("recognize.toml")["calibration"]["alone"]
        self._segment = Segmenter(self.domain)
        self._recognize = Recognizer(self.domain)
        self._quantities = QuantityRecognizer(self.domain)
        self._times = TimeRecognizer(self.domain)
        self._resolve = Resolver(self.domain)
        self._context = ContextReader.of(self.domain)
        self._relations = RelationExtractor(self.domain, unasserted=unasserted)
        self._open = OpenRelationExtractor(self.domain) if open_relations else None
        self._observations = ObservationExtractor(self.domain)
        self._datings = DatingExtractor(self.domain)

    def extract(self, document: Document | str, *, entities: tuple[Entity, ...] | None = None) -> Extraction:
        """Everything that `document` (or a bare text) states, with evidence; checked before it is returned.

        Where `entities` are given, with their mentions, none are looked for; pronouns are, if they have none.
        """
        if isinstance(document, str):
            document = Document("text", document, hashlib.sha256(document.encode()).hexdigest())
        form = matched(document.text) if entities is None else None
        if form:
            extraction = restored(self._extract(matched_document(document, form), None), form, document)
        else:
            extraction = self._extract(document, entities)
        check_extraction(extraction, self.domain)
        return extraction

    def _extract(self, document: Document, entities: tuple[Entity, ...] | None) -> Extraction:
        segmentation = self._segment(document)
        if entities is None:
            found = self._resolve(segmentation, self._recognize(segmentation))
        else:
            found = entities = self._resolve.pointed(segmentation, entities)
        quantities, times = self._quantities(segmentation), self._times(segmentation)
        context = self._context(segmentation, found, quantities) if self._context else None
        facts = self._relations(segmentation, found, context)
        if self._open:
            facts += self._open(segmentation, found, facts)
        observations = self._observations(segmentation, found, quantities, times, context)
        datings = self._datings(segmentation, found, times)
        if entities is None:
            told = {name for fact in facts for name in (fact.head, fact.tail)}
            told |= {observation.about for observation in observations} | {dating.about for dating in datings}
            entities = self._kept(found, told)
        version = f"{VERSION}+{self.domain.digest[:12]}"
        return Extraction(document, entities, facts, observations, version, datings)

    def _kept(self, entities: tuple[Entity, ...], told: set[str]) -> tuple[Entity, ...]:
        """`entities` without the doubtful ones of which nothing is said."""
        return tuple(e for e in entities if e.id in told or max(m.confidence for m in e.mentions) >= self._alone)


def build(
    sources: str | Path | Iterable[str | Path],
    *,
    domain: Domain | None = None,
    encoding: str | None = None,
    limits: Limits | None = None,
    fields: Fields | None = None,
    without: Iterable[str | Path] = (),
    unasserted: bool = False,
    open_relations: bool = False,
    decisions: str | Path | None = None,
    cache: str | Path | None = None,
    jobs: int | None = 1,
    on_error: Callable[[SourceError], None] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    on_skip: Callable[[str], None] | None = None,
) -> KnowledgeGraph:
    """Read files, folders or standard input (``-``) and return the graph of all they state.

    A source that cannot be read raises :class:`kg.errors.SourceError`, or is handed to `on_error` and the others are
    built. `limits` say how much is read, `fields` which fields of JSONL and CSV hold text and id. What is `without`,
    files or folders, is passed over where a folder is searched. `on_progress` is told how many of how many documents
    are done, `on_skip` each file in a folder that is of no kind that is read. With `unasserted` the graph also tells,
    apart from its facts, what is only planned, wished, denied or claimed; with `open_relations` what verbs say of two
    entities that no relation joins.

    What people decided is read from `decisions`, else from the file decisions.yaml beside the sources.
    Extractions are kept in the folder `cache`, if one is given, and documents that have not changed are not read anew.
    `jobs` processes extract side by side (None: one for each core, where there are many documents), with the same
    graph; a script that asks for several needs ``if __name__ == "__main__":``, because each process imports it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("重庆市总工会举办了创新方法培训班。", encoding="utf-8")
    ...     graph = build(folder)
    >>> [e.name for e in graph.entities("TradeUnion")]
    ['重庆市总工会']
    """
    domain = domain or Domain.default()
    given = [sources] if isinstance(sources, str | Path) else list(sources)
    reading = read_sources(given, domain, encoding=encoding, limits=limits, fields=fields, without=without)
    taken = decided(given, decisions, domain)
    also = {"unasserted": unasserted, "open_relations": open_relations}
    kept = ExtractionCache(Path(cache), domain, **also) if cache is not None else None
    load = partial(Pipeline, domain, **also)
    answers = extract_all(reading, load, seconds=(limits or Limits()).seconds, cache=kept, jobs=jobs)
    extractions = list(_built(answers, reading, on_error, on_progress))
    for name in (*reading.found.skipped, *reading.skipped):
        if on_skip and Path(name).name != FILE:
            on_skip(name)
    graph = merge(extractions, domain, taken)
    check_graph(graph)
    return graph


def _built(
    answers: Iterable[Extraction | SourceError],
    reading: Sized,
    on_error: Callable[[SourceError], None] | None,
    on_progress: Callable[[int, int], None] | None,
) -> Iterator[Extraction]:
    """The extractions among `answers`; an error is raised or handed on."""
    for done, answer in enumerate(answers, 1):
        if isinstance(answer, Extraction):
            yield answer
        elif on_error is None:
            raise answer
        else:
            on_error(answer)
        if on_progress:
            on_progress(done, max(done, len(reading)))  # an archive is one until it is opened


def decided(sources: Sequence[str | Path], given: str | Path | None, domain: Domain) -> list[Decision]:
    """The decisions in the file `given`, else in every decisions.yaml in the folders that hold the sources.

    >>> decided(["no/such/folder"], None, Domain.default())
    []
    """
    if given is not None:
        return list(read_decisions(Path(given), domain))
    named = [Path(s) for s in sources if str(s) not in {"", "-"}]
    folders = {path if path.is_dir() else path.parent for path in named}
    files = sorted(folder / FILE for folder in folders if (folder / FILE).is_file())
    return [decision for file in files for decision in read_decisions(file, domain)]


def extract(document: Document | str, *, domain: Domain | None = None) -> Extraction:
    """Everything that one document or bare text states; see :class:`Pipeline` for many.

    >>> [str(o.value) for o in extract("重庆市总工会今年培训职工13.1万人次。").observations]
    ['131000']
    """
    return Pipeline(domain).extract(document)
