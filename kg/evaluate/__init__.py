"""Scoring against gold annotations."""

from kg.evaluate.evaluation import evaluate, gold_files
from kg.evaluate.gold import Gold, GoldObservation, read_gold
from kg.evaluate.score import Report, Scores, Tally, score

__all__ = ["Gold", "GoldObservation", "Report", "Scores", "Tally", "evaluate", "gold_files", "read_gold", "score"]
