"""What `check --self-check` prints: whether the users of 200 runs lie within their bounds.

In: a scenario file. Out: a table, and whether everything lies within.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.views import terminal
from sim.views.checking import chosen

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile

_MEANING = (
    "Bounds: whoever left on a day left at its end, or at its beginning; the hazard of return falls with "
    "absence, so the number of those away when the simulation ends must lie between the two. They use how "
    "many wait at the ends of days and nothing else of how users are counted."
)


def self_checked(file: ScenarioFile, strategies: Sequence[str] = ()) -> tuple[str, bool]:
    """The text, and whether no count lies outside its bounds."""
    from sim.study.self_check import self_check

    rows, sound = [], True
    for name in chosen(file, strategies):
        for one in self_check(file.scenario(name)):
            result = one.why_not and f"no bounds: {one.why_not}"
            result = (
                result or f"{one.within} of {one.runs} runs within, {100 * one.widest:.2g} % wide at most"
            )
            rows.append((file.labels[name], one.segment, result))
            sound = sound and one.within == one.runs
    width = terminal.width()
    table = terminal.table(("strategy", "segment", "away when the simulation ends"), rows, width)
    return f"{terminal.paragraphs([_MEANING], width)}\n\n{table}", sound
