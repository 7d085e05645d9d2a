"""What one block of replications reads: fields of the scenario, with the values of what nobody knows.

In: a scenario and the block's table of draws. Out: numbers, laws and quantiles by path. Where an
`unknowns` entry covers a field, a number becomes an array, one value a replication, and a law comes with
overrides of its parameters; the unknown's own draw is the column "unknown / <path>".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.scenario.laws import Law
from sim.scenario.model import Scenario
from sim.scenario.paths import Place, find, search_of
from sim.streams import BLOCK, Draws

Floats = NDArray[np.float64]


class Inputs:
    """The fields of ``scenario`` for the replications of the block that ``draws`` is of."""

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self.scenario = scenario
        self.draws = draws
        self._unknown: dict[str, Floats] = {}
        self._laws: dict[str, tuple[Law, dict[str, float | Floats]]] = {}
        self._quantiles: dict[tuple[str, str, int], Floats] = {}

    def number(self, path: str) -> float | Floats:
        """The number at ``path``; shape (BLOCK,) where an unknown covers it, else a float.

        Raises
        ------
        NoSuchPathError
            If nothing stands there.
        TypeError
            If what stands there is no number (an unset optional field, a law that is not constant).
        """
        place = self._find(path)
        covered = self._covering(place.owners)
        if covered is not None:
            return covered
        value = place.number
        if value is None:
            if isinstance(place.value, int) and not isinstance(place.value, bool):
                return float(place.value)
            raise TypeError(f"{path} is no number: {place.value!r}")
        return value

    def law(self, path: str) -> tuple[Law, dict[str, float | Floats]]:
        """The law at ``path`` and what unknowns say of its parameters."""
        if path not in self._laws:
            self._laws[path] = self._find_law(path)
        return self._laws[path]

    def quantile(self, path: str, name: str, attempt: int = 0) -> Floats:
        """The law at ``path`` at the draws of ``name``, for all replications. Shape (BLOCK,), read-only."""
        key = (path, name, attempt)
        if key not in self._quantiles:
            law, overrides = self.law(path)
            if law.is_constant and not overrides:
                values = np.full(BLOCK, law.median())
            else:
                values = np.asarray(law.quantile(self.draws.column(name, attempt), **overrides))
            values.flags.writeable = False
            self._quantiles[key] = values
        return self._quantiles[key]

    def _find_law(self, path: str) -> tuple[Law, dict[str, float | Floats]]:
        place = self._find(path)
        if not isinstance(place.value, Law):
            raise TypeError(f"{path} is no law: {place.value!r}")
        law = place.value
        if law.kind == "constant":
            covered = self._covering((*place.owners, *(f"{owner}.value" for owner in place.owners)))
            return law, {} if covered is None else {"value": covered}
        overrides: dict[str, float | Floats] = {}
        for name in law.names():
            called = (name, name.removesuffix(".value"))  # a constant among the parts is its own number
            covered = self._covering(tuple(f"{owner}.{each}" for owner in place.owners for each in called))
            if covered is not None:
                overrides[name] = covered
        return law, overrides

    def _find(self, path: str) -> Place:
        """The place, with the search's own fields where candidates are only counted."""
        place = find(self.scenario, path)
        if place.value is None and ".search.candidates." in path:
            search = search_of(self.scenario, path)
            if search is not None and isinstance(search.candidates, int):
                return find(self.scenario, place.owners[-1])
        return place

    def _covering(self, owners: tuple[str, ...]) -> Floats | None:
        """The values of the unknown that covers the first of these paths that has one."""
        for owner in owners:
            if owner in self.scenario.unknowns:
                if owner not in self._unknown:
                    law = self.scenario.unknowns[owner]
                    values = np.asarray(law.quantile(self.draws.column(f"unknown / {owner}")))
                    values.flags.writeable = False
                    self._unknown[owner] = values
                return self._unknown[owner]
        return None
