"""The errors of Qawl: one base, a few names, each message says what to do."""

from __future__ import annotations


class QawlError(Exception):
    """Base of every error that Qawl raises on purpose."""


class InputError(QawlError):
    """The input cannot be read as an article (empty, binary, no such file, a broken line)."""


class EncodingError(InputError):
    """The bytes are text in no encoding that Qawl can tell."""


class ModelError(QawlError):
    """A model or lexicon file of the package is missing, damaged or of another version."""


class MissingExtraError(QawlError):
    """An optional dependency is needed; the message says what to install."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an optional package: pip install 'qawl[{extra}]'")


class RecordError(QawlError):
    """The record cannot be opened or changed as asked; nothing in it was changed."""


class NotFoundError(InputError, RecordError):
    """The record has not what is asked for: no such article, statement, source or correction."""
