"""What two studies have in common and what not: their inputs field by field, their measures with intervals.

In: two finished studies' strategies. Out: `Field` and `Contrast` records. Where replication k of both meets
the same random numbers the measures are compared pair by pair, else as independent samples: that is a matter
of seed, block and versions, and is decided here and said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes import Measure
from sim.study.arms import Arm
from sim.study.comparison import paired
from sim.study.machine import BITS
from sim.study.rounding import gap
from sim.study.statistics import CONFIDENCE, Array, Interval, mean_interval
from sim.study.summary import Line, finished, summarise, values

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the resolved scenario that differs; None where one of the two does not have it."""

    path: str
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """One measure in both studies.

    Attributes
    ----------
    first, second
        Each on its own.
    difference
        Mean of the second minus the first with its 95 % interval; None for a time that the horizon cut in
        some run, whose mean would be one of what was seen.
    """

    measure: Measure
    first: Line
    second: Line
    difference: Interval | None


def fields_apart(first: Scenario, second: Scenario) -> list[Field]:
    """Every field that can change a number and is not the same in both, in the order of the language."""
    from sim.scenario.written import write_scenario

    one, other = (dict(_leaves(write_scenario(scenario, words=False))) for scenario in (first, second))
    paths = list(dict.fromkeys([*one, *other]))
    return [Field(path, one.get(path), other.get(path)) for path in paths if one.get(path) != other.get(path)]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Dotted path and text of every value; an item of a list goes by its id, else by its place from 1."""
    dot = f"{path}." if path else ""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{dot}{key}")
    elif isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
        for place, item in enumerate(value, start=1):
            own = item.get("id") if isinstance(item, Mapping) else None
            yield from _leaves(item, f"{dot}{own or place}")
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    else:
        yield path, str(value)


def no_pairs(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Why replication k of one study does not meet the random numbers of replication k of the other.

    Parameters
    ----------
    first, second
        Manifests.
    """
    here, there = (_draws(manifest) for manifest in (first, second))
    return [f"{what} {here[what]} and {there[what]}" for what in here if here[what] != there[what]]


def _draws(manifest: Mapping[str, Any]) -> dict[str, object]:
    """What names the draws of a study."""
    versions = manifest.get("versions", {})
    return {
        "scenario": manifest["name"],
        "seed": manifest["seed"],
        "block of": f"{manifest['block']} runs",
        "users": manifest["users"],
        **{program: versions.get(program, "unknown") for program in BITS},
    }


def contrasts(first: Arm, second: Arm, *, pairs: bool) -> list[Contrast]:
    """Every measure that both have, as numbers, in the order of tables."""
    found = []
    for name, measure in first.measures.items():
        if name not in second.measures:
            continue
        lines = [
            summarise(arm.strategy, {name: measure}, arm.outcomes, arm.failed)[0] for arm in (first, second)
        ]
        cut = any(not finished(arm.measures[name], arm.outcomes).all() for arm in (first, second))
        apart = None if cut and measure.kind == "time" else _difference(measure, first, second, pairs=pairs)
        found.append(Contrast(measure, lines[0], lines[1], apart))
    return found


def _difference(measure: Measure, first: Arm, second: Arm, *, pairs: bool) -> Interval:
    if pairs:
        one, other = paired(first.outcomes, second.outcomes)
        if len(one["replication"]):
            return mean_interval(gap(values(measure, other), values(measure, one)))
    return welch(values(measure, second.outcomes), values(measure, first.outcomes))


def welch(first: Array, second: Array) -> Interval:
    """Difference of the means of independent samples (first minus second) with Welch's 95 % interval.

    References
    ----------
    Welch 1947, "The generalization of 'Student's' problem when several different population variances are
    involved", Biometrika 34, 28-35, doi 10.1093/biomet/34.1-2.28.

    Checked by: tests/theory/test_welch.py
    """
    gap = float(first.mean() - second.mean())
    if min(len(first), len(second)) < 2:
        return Interval(gap, -np.inf, np.inf)
    if np.ptp(first) == np.ptp(second) == 0.0:
        return Interval(gap, gap, gap)
    from scipy.stats import ttest_ind

    ends = ttest_ind(first, second, equal_var=False).confidence_interval(CONFIDENCE)
    return Interval(gap, float(ends.low), float(ends.high))
