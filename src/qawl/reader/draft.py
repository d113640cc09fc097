"""A statement in the making: what the stages have decided so far, in token indices."""

from __future__ import annotations

from dataclasses import dataclass, field

from qawl.model import Act, Decision, Form


@dataclass(slots=True)
class Draft:
    """Token indices are inclusive. ``bare`` is a content without a cue; ``cue`` is then its
    opening mark, or its first word."""

    cue: int
    cue_last: int
    bare: bool
    cue_probability: float
    start: int = -1
    end: int = -1
    content_probability: float = 0.0
    gap: tuple[int, int] | None = None  # tokens between the parts of a content in two parts
    speaker: tuple[int, int] | None = None
    speaker_probability: float = 0.0
    group: int = -1
    who_probability: float = 0.0
    form: Form = "indirect"
    act: Act = "inform"
    act_probability: float = 0.0
    rule: str = ""  # the rule that made it; none where the network did
    decisions: list[Decision] = field(default_factory=list)
