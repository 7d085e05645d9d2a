"""Where the users of one run are, layer by layer: active, at the door, waiting, elsewhere, at rivals, gone.

In: a run, and its history where rivals are to be told apart. Out: users of each layer at the times of the
run; everybody is in exactly one of them. The order is that of the figure of places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.views.case import Floats, Run
from sim.views.figures.places import LOOKS, MOST_RIVALS
from sim.views.labels import place

if TYPE_CHECKING:
    from sim.demand import History
    from sim.scenario import Scenario

OTHERS = "others"
"""The layer of the smaller rivals, where there are many."""

Layers = dict[str, Floats]


def layers(run: Run, history: History | None = None, row: int = 0) -> Layers:
    """Users by layer, from the lowest, each at the times of the run (T,).

    Parameters
    ----------
    run
        Its states make up everybody.
    history, row
        The history it is of, and its place in it; without it all rivals are ``elsewhere``.
    """
    found = {"active": run.active}
    # Those at the door wait too, and are shown once.
    door = None if run.door is None else np.minimum(run.door, run.waiting)
    if door is not None:
        found["door"] = door
    found["waiting"] = run.waiting if door is None else run.waiting - door
    found |= _away(run, history, row)
    return found | {"gone": run.gone}


def labels(scenario: Scenario, names: list[str]) -> list[tuple[str, str, str]]:
    """Name, label and look of every layer; rivals look like ``rival0``, ``rival1`` ..."""
    told: list[tuple[str, str, str]] = []
    rivals = 0
    many = len(scenario.users.rivals) - (MOST_RIVALS - 1)
    for name in names:
        label = f"at {many} other rivals" if name == OTHERS else place(scenario, name)
        told.append((name, label, name if name in LOOKS else f"rival{rivals}"))
        rivals += name not in LOOKS
    return told


def _away(run: Run, history: History | None, row: int) -> Layers:
    """Those who are away, by place: their number is the run's, how they divide that at the report times."""
    if history is None or history.at_place is None or len(history.places) < 2:
        return {"elsewhere": run.away}
    counts = np.maximum(history.at_place[row].sum(axis=0), 0.0)
    total = counts.sum(axis=0)
    shares = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0.0)
    shares[0, total <= 0.0] = 1.0
    found = {
        name: run.away * np.interp(run.times, history.times, share)
        for name, share in zip(history.places, shares, strict=True)
    }
    rivals = sorted(history.places[1:], key=lambda name: -float(found[name].sum()))
    rest = set(rivals[MOST_RIVALS - 1 :]) if len(rivals) > MOST_RIVALS else set()
    kept = {name: users for name, users in found.items() if name not in rest}
    return kept | ({OTHERS: np.sum([found[name] for name in rest], axis=0)} if rest else {})
