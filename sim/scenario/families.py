"""The families of laws by name."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.families_bounded import BOUNDED
from sim.scenario.families_composed import COMPOSED
from sim.scenario.families_unbounded import UNBOUNDED
from sim.scenario.family import Family

FAMILIES: Mapping[str, Family] = {**BOUNDED, **UNBOUNDED, **COMPOSED}
