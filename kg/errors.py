"""What can go wrong, as exceptions with a message for people: what, where, why, what to do.

::

    JiangpuError
    ├── SourceError (ValueError)       a document cannot be read
    │   └── NoSourceError              what was given leads to no document
    ├── LimitError (ValueError)        a document takes longer than it may
    ├── DomainError (ValueError)       the domain folder is incomplete or contradicts itself
    ├── DecisionError (ValueError)     decisions.yaml is wrong
    ├── GraphError (ValueError)        an exported graph cannot be read back
    ├── GoldError (ValueError)         gold annotations are missing or malformed
    ├── QueryError (ValueError)        a SPARQL query is wrong
    ├── FormatError (ValueError)       there is no such output format
    ├── TargetError (OSError)          the output cannot be written
    └── InvariantError (RuntimeError)  the program broke one of its own promises
"""

from __future__ import annotations


class JiangpuError(Exception):
    """The root of every error this package raises on purpose."""


class SourceError(JiangpuError, ValueError):
    """A source cannot be read; `source` names it and the message says why, in one line.

    >>> str(SourceError("a.txt", "the file is empty"))
    'a.txt: the file is empty'
    """

    def __init__(self, source: str, reason: str) -> None:
        reason = "".join(c if c.isprintable() or c == "\u3000" else ascii(c)[1:-1] for c in reason)
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str]]:
        """Made again from its parts, as when another process sends it."""
        return type(self), (self.source, self.reason)


def failure(source: str, error: Exception) -> SourceError:
    """The error that answers for `source`, of which the program expected everything but `error`.

    >>> str(failure("a.txt", KeyError("e1")))
    "a.txt: the program fails on it (KeyError: 'e1'); please report it with the document"
    """
    if isinstance(error, LimitError):
        answer = SourceError(source, str(error))
    else:
        told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        answer = SourceError(source, f"the program fails on it ({told}); please report it with the document")
    answer.__cause__ = error
    return answer


class NoSourceError(SourceError):
    """What was given as a source leads to no document at all: no such file, or a folder without documents."""


class LimitError(JiangpuError, ValueError):
    """A document takes longer than it may; the message names the limit."""


class DomainError(JiangpuError, ValueError):
    """The domain folder is incomplete or contradicts itself."""


class DecisionError(JiangpuError, ValueError):
    """A file of decisions is no YAML, or a decision in it is incomplete or speaks of what the ontology lacks."""


class GraphError(JiangpuError, ValueError):
    """An exported graph cannot be read back."""


class GoldError(JiangpuError, ValueError):
    """Gold annotations are missing or malformed."""


class QueryError(JiangpuError, ValueError):
    """A SPARQL query is wrong."""


class FormatError(JiangpuError, ValueError):
    """There is no such output format."""


class TargetError(JiangpuError, OSError):
    """The output cannot be written."""


class InvariantError(JiangpuError, RuntimeError):
    """The program broke one of its own promises: a span does not slice to its quote, a fact has no evidence."""
