"""The version of the program: part of every extraction, so that what it read can be told from what another read."""

VERSION = "0.1.0"
