"""One input that can be moved, as the page needs it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from sim.views.explorer.grids import Stop

Kind = Literal["number", "switch", "choice"]


@dataclass(frozen=True, slots=True)
class Control:
    """One input that can be moved.

    Attributes
    ----------
    path, text, amount
        Where it stands in a scenario, and what stands there; ``amount`` in the inside unit, NaN for none.
    label, about, meaning, group
        Its name; what it belongs to; what it means; under which heading it is shown.
    main
        Its place among the most telling, from 1; 0 for all others.
    stops
        Positions of its slider; () where only typing makes sense.
    whole
        For a law that moves as a whole: the law, of which ``text`` is the middle number.
    options
        The texts it can have, for a choice; for a switch that of off and that of on.
    origin, mark, note
        Where the value comes from: `Evidence`.
    """

    path: str
    kind: Kind
    text: str
    amount: float
    label: str
    about: str
    meaning: str
    group: str
    main: int = 0
    stops: tuple[Stop, ...] = ()
    whole: str = ""
    options: tuple[str, ...] = ()
    origin: str = "default"
    mark: str = "assumption"
    note: str = ""

    def plain(self) -> dict[str, Any]:
        """For the page."""
        return {
            "path": self.path, "kind": self.kind, "text": self.text,
            "amount": None if math.isnan(self.amount) else self.amount,
            "label": self.label, "about": self.about, "meaning": self.meaning, "group": self.group,
            "main": self.main, "stops": [[stop.text, stop.amount, stop.setting] for stop in self.stops],
            "setting": self.whole or self.text,
            "options": list(self.options), "origin": self.origin, "mark": self.mark, "note": self.note,
        }  # fmt: skip
