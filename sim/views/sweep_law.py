"""A law as text: ``pert: low 2 d, likely 5 d, high 20 d``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.law_text import write_law
from sim.scenario.paths import find

if TYPE_CHECKING:
    from sim.scenario import Scenario


def law_words(scenario: Scenario, path: str) -> str:
    """The law that stands at a path."""
    place = find(scenario, path)
    if place.law is None or place.dimension is None:
        return ""
    written = write_law(place.law, place.dimension)
    if not isinstance(written, dict):
        return str(written)
    kind = written.pop("law")
    return f"{kind}: " + ", ".join(f"{name} {value}" for name, value in written.items())
