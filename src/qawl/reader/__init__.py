"""The reader: article → statements. One stage a file; ``reader.py`` chains them."""

from qawl.reader.reader import Reader

__all__ = ["Reader"]
