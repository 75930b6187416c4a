"""The command ``kg``: a shell over the library, one command per file."""

from kg.cli.app import main

__all__ = ["main"]
