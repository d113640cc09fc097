"""Qawl (قول): who said what, in Arabic news."""

from __future__ import annotations

__version__ = "0.1.0"
