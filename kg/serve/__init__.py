"""The graph served: a SPARQL endpoint, the page, things that answer, a search; needs the extra ``jiangpu[serve]``."""

from kg.serve.application import application
from kg.serve.settings import Settings

__all__ = ["Settings", "application"]
