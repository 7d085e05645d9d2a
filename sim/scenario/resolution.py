"""In what detail users are followed: one switch, asked for at each run, and no part of the scenario."""

from __future__ import annotations

from typing import Literal, get_args

Resolution = Literal["expected", "sampled", "graph"]
"""Expected numbers; whole sampled numbers; individuals in a network of friends."""

RESOLUTIONS: tuple[Resolution, ...] = get_args(Resolution)

IN_WORDS = {
    "expected": "expected numbers",
    "sampled": "whole users, sampled",
    "graph": "individuals in a network of friends",
}
"""What each is called in tables and captions."""
