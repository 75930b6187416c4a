"""Sentences → mentions: names found, bounded and typed."""

from kg.recognize.recognizer import Recognizer

__all__ = ["Recognizer"]
