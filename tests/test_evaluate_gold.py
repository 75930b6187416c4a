import importlib.util
import json
import random
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, Namespace
from rdflib.namespace import SKOS

import kg
from kg.domain import Domain
from kg.errors import GoldError
from kg.evaluate import Tally, evaluate, read_gold, score
from kg.model import Entity, Evidence, Fact, Mark, Observation, Span

DOMAIN = Domain.default()
KG, ID = Namespace("https://kg.example/ontology#"), Namespace("https://kg.example/id/")
GOLD = Path(__file__).parent / "gold"
REFERENCE = Path(__file__).parents[2] / "shared" / "gold" / "score.py"
TEXT = "重庆市总工会举办创新方法培训班，培训职工120人，投入5万元。"
EVIDENCE = (Evidence("a.txt", Span(0, 3), "重庆市", (Mark("head", Span(0, 3)),), "test", 1.0),)


def entity(key, cls, name, *aliases: str):
    return Entity(key, cls, name, aliases, ())


def fact(head, relation, tail, modality=None):
    return Fact(head, relation, tail, EVIDENCE, modality)


def figure(key, about, value, unit):
    return Observation(key, about, "人", Decimal(value), unit, None, None, None, value, EVIDENCE)


def write_gold(folder, name, entities, relations, observations):
    rows = {
        "doc": name,
        "entities": [{"id": i, "type": t, "name": n, "aliases": list(a)} for i, t, n, *a in entities],
        "relations": [{"head": h, "type": r, "tail": t} for h, r, t in relations],
        "observations": [
            {"about": a, "measure": "人", "value": v, "unit": u, "qualifier": None, "period": None, "modality": None}
            for a, v, u in observations
        ],
    }
    (folder / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return folder / f"{name}.json"


@pytest.fixture
def gold(tmp_path):
    path = write_gold(
        tmp_path,
        "a",
        [
            ("g1", "TradeUnion", "重庆市总工会", "市总工会"),
            ("g2", "Training", "“创新方法”培训班"),
            ("g3", "Group", "职工"),
        ],
        [("g1", "organizes", "g2"), ("g2", "targets", "g3"), ("g1", "cooperatesWith", "g3")],
        [("g2", 120, "人"), ("g2", 5e4, "元"), ("g3", 120, "人")],
    )
    return read_gold(path)


def test_an_entity_counts_by_any_name_with_quotes_folded(gold):
    found = [entity("e1", "TradeUnion", "市总工会"), entity("e2", "Training", "创新方法培训班")]

    assert score(gold, found, [], [], DOMAIN).entities == Tally(hits=2, predicted=2, gold=3)


def test_another_class_of_the_family_counts_leniently_only(gold):
    found = [entity("e1", "Organization", "重庆市总工会"), entity("e2", "Policy", "创新方法培训班")]
    scores = score(gold, found, [], [], DOMAIN)

    assert scores.entities.hits == 0
    assert scores.entities_lenient.hits == 1


def test_pairs_are_one_to_one_and_equal_canonical_names_meet_first(gold):
    found = [entity("e1", "TradeUnion", "市总工会", "重庆市总工会"), entity("e2", "TradeUnion", "重庆市总工会")]
    facts = [fact("e2", "organizes", "e3")]
    found.append(entity("e3", "Activity", "创新方法培训班"))
    scores = score(gold, found, facts, [], DOMAIN)

    assert scores.entities == Tally(1, 3, 3)
    assert scores.relations == Tally(1, 1, 3)  # e2, not e1, is the union


def test_symmetric_relations_count_in_either_direction_and_once(gold):
    found = [entity("e1", "TradeUnion", "重庆市总工会"), entity("e3", "Group", "职工")]
    facts = [fact("e3", "cooperatesWith", "e1"), fact("e1", "cooperatesWith", "e3"), fact("e3", "targets", "e1")]

    assert score(gold, found, facts, [], DOMAIN).relations == Tally(1, 2, 3)


def test_planned_and_denied_facts_are_no_relations(gold):
    found = [entity("e1", "TradeUnion", "重庆市总工会"), entity("e2", "Training", "创新方法培训班")]

    assert score(gold, found, [fact("e1", "organizes", "e2", "planned")], [], DOMAIN).relations == Tally(0, 0, 3)


def test_figures_count_as_often_as_both_sides_have_them(gold):
    found = [entity("e2", "Training", "创新方法培训班"), entity("e9", "Place", "重庆")]
    figures = [figure("o1", "e2", "120", "人"), figure("o2", "e2", "120.0", "人"), figure("o3", "e9", "50000", "元")]
    scores = score(gold, found, [], figures, DOMAIN)

    assert scores.observations == Tally(1, 3, 3)
    assert scores.observations_number_only == Tally(3, 3, 3)


def test_nothing_found_scores_zero_and_divides_by_nothing(gold):
    scores = score(gold, [], [], [], DOMAIN)

    assert (scores.entities.precision, scores.entities.recall, scores.entities.f1) == (0.0, 0.0, 0.0)


def test_a_report_sums_documents_and_names_each(tmp_path):
    write_gold(tmp_path, "a", [("g1", "Place", "重庆")], [], [])
    write_gold(tmp_path, "b", [("g1", "Place", "成都"), ("g2", "Place", "四川")], [], [])
    (tmp_path / "a.evidence.json").write_text("{}", encoding="utf-8")
    report = evaluate(tmp_path, lambda _: ([entity("e1", "Place", "重庆")], [], []), DOMAIN)

    assert report.total.entities == Tally(1, 2, 3)
    assert list(report.documents) == ["a", "b"]
    assert report.as_dict()["micro"]["entities"] == {
        "precision": 0.5,
        "recall": pytest.approx(1 / 3),
        "f1": pytest.approx(0.4),
        "hits": 1,
        "predicted": 2,
        "gold": 3,
    }
    assert report.as_dict()["documents"]["b"]["entities"] == 0.0
    assert "entities 1.00" in report.as_table()


def test_a_folder_without_gold_is_answered(tmp_path):
    with pytest.raises(GoldError, match="no gold annotations"):
        evaluate(tmp_path, lambda _: ([], [], []), DOMAIN)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.json",
            '{"entities": [{"id": "e1", "name": "甲", "type": ["Company"]}], "relations": [], "observations": []}',
        ),
        ("a.json", "[" * 100_000),
        ("a.ann", "【甲|Company】有工人。\n# 甲 | 工人 | 很多 | 名"),
        ("a.ann", "【甲|Company】有工人。\n# 乙 | 工人 | 30 | 名"),
        ("a.ann", "【甲|Company】有工人。\n@ 甲 | cooperatesWith | 乙"),
    ],
)
def test_malformed_gold_is_answered_with_its_name(tmp_path, name, content):
    (tmp_path / "a.txt").write_text("甲有工人。", encoding="utf-8")
    (tmp_path / name).write_text(content, encoding="utf-8")

    with pytest.raises(GoldError, match=name.replace(".", r"\.")):
        read_gold(tmp_path / name)


def test_gold_without_its_text_is_answered(tmp_path):
    write_gold(tmp_path, "a", [], [], []).with_suffix(".txt").unlink()

    with pytest.raises(GoldError, match=r"a\.json"):
        read_gold(tmp_path / "a.json")


def write_turtle(path, entities, facts, figures):
    graph = Graph()
    for e in entities:
        graph.add((ID[e.id], RDF.type, KG[e.type]))
        graph.add((ID[e.id], SKOS.prefLabel, Literal(e.name, lang="zh")))
        for alias in e.aliases:
            graph.add((ID[e.id], SKOS.altLabel, Literal(alias, lang="zh")))
    for f in facts:
        if f.modality is None:
            graph.add((ID[f.head], KG[f.relation], ID[f.tail]))
    for o in figures:
        graph.add((ID[o.id], RDF.type, KG.Observation))
        graph.add((ID[o.id], KG.about, ID[o.about]))
        graph.add((ID[o.id], KG.value, Literal(o.value)))
        if o.unit is not None:
            graph.add((ID[o.id], KG.unit, Literal(o.unit, lang="zh")))
    path.parent.mkdir(parents=True)
    graph.serialize(path, format="turtle", encoding="utf-8")


def sample(seed):
    """A document with names, classes and figures from so small a stock that ties and near misses abound."""
    pick = random.Random(seed)
    names = ["市总工会", "重庆市总工会", "“求学”行动", "求学行动", "职工", "ＡＰＰ平台", "app平台", "重庆"]
    classes = ["TradeUnion", "Company", "Activity", "Training", "Group", "Platform", "Policy", "Strategy"]
    relations = ["organizes", "cooperatesWith", "partOf", "targets"]

    both = []
    for prefix in "ge":
        entities = [
            (f"{prefix}{n}", pick.choice(classes), *dict.fromkeys(pick.choices(names, k=pick.randint(1, 3))))
            for n in range(pick.randint(1, 12))
        ]
        ids = [e[0] for e in entities]
        triples = {(pick.choice(ids), pick.choice(relations), pick.choice(ids)) for _ in range(pick.randint(0, 12))}
        figures = [
            (pick.choice(ids), pick.choice([1, 1.5, 20, 300]), pick.choice(["人", "“人”", None]))
            for _ in range(pick.randint(0, 8))
        ]
        both.append((entities, sorted(triples), figures))
    return both


def reference_scorer():
    spec = importlib.util.spec_from_file_location("reference", REFERENCE)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    return reference


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference scorer is not beside this checkout")
def test_the_command_prints_what_the_reference_scorer_finds_in_the_graphs_built(command, tmp_path):
    reference, totals = reference_scorer(), {}
    for path in sorted(GOLD.glob("*.json")):
        kg.write_turtle(kg.build(path.with_suffix(".txt")), tmp_path / path.stem / "graph.ttl")
        read = reference.read_export(tmp_path / path.stem / "graph.ttl")
        for key, counts in reference.score_document(reference.read_gold(path), read).items():
            totals[key] = tuple(map(sum, zip(totals.get(key, (0, 0, 0)), counts, strict=True)))

    run = command("evaluate", GOLD, "--json")

    printed = json.loads(run.out)["micro"]
    assert {key: (row["hits"], row["predicted"], row["gold"]) for key, row in printed.items()} == totals
    for key, row in printed.items():
        assert (row["precision"], row["recall"], row["f1"]) == reference.prf(*totals[key])


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference scorer is not beside this checkout")
def test_figures_equal_those_of_the_reference_scorer_on_exported_graphs(tmp_path):
    reference = reference_scorer()
    folder, graphs = tmp_path / "gold", tmp_path / "graphs"
    folder.mkdir()
    readings = {}
    for seed in range(60):
        name = f"d{seed:02}"
        annotated, (entities, triples, figures) = sample(seed)
        write_gold(folder, name, *annotated)
        found = (
            [entity(*row) for row in entities],
            [fact(*triple) for triple in triples],
            [figure(f"o{n}", about, str(value), unit) for n, (about, value, unit) in enumerate(figures)],
        )
        readings[f"{name}.txt"] = found
        write_turtle(graphs / name / "graph.ttl", *found)

    report = evaluate(folder, lambda gold: readings[gold.document.id], DOMAIN)

    for path in sorted(folder.glob("*.json")):
        expected = reference.score_document(
            reference.read_gold(path), reference.read_export(graphs / path.stem / "graph.ttl")
        )
        assert {k: tuple(v) for k, v in report.documents[path.stem].as_dict().items()} == expected, path.stem
    assert report.total.entities.hits > 100
    assert report.total.relations.hits > 0
