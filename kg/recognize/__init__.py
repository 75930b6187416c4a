"""Sentences → mentions: names found, bounded and typed; quantities and times."""

from kg.recognize.quantities import Quantity, QuantityRecognizer
from kg.recognize.recognizer import Recognizer
from kg.recognize.times import TimeExpression, TimeRecognizer

__all__ = ["Quantity", "QuantityRecognizer", "Recognizer", "TimeExpression", "TimeRecognizer"]
