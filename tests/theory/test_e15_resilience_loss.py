"""The loss of resilience of three recovery curves.

Statement. Service falls to Q = 0.3 at time 0 and recovers (i) straight to 1 in 20 days, (ii) as
1 - 0.7 exp(-t/8) to day 40, (iii) as 1 - 0.35 (1 + cos(pi t/20)) to day 20. The area above the curve,
RL = integral of (1 - Q) dt, is 7, 5.6 (1 - exp(-5)) = 5.5622674968051 and 7 days, and (ii) reaches 0.95 at
8 ln 14 = 21.1124586369221 days.

Source. RL is Bruneau et al. 2003, "A framework to quantitatively assess and enhance the seismic resilience of
communities", Earthquake Spectra 19(4), 733-752, doi 10.1193/1.1623497; the three shapes are those of
Cimellaro, Reinhorn and Bruneau 2010, "Framework for analytical quantification of disaster resilience",
Engineering Structures 32, 3639-3649, doi 10.1016/j.engstruct.2010.08.008.

Path. Users who never leave are served in proportion to the capacity, so the user-weighted resilience loss is
the area above the capacity itself. A curve enters as pieces of a day, each with the curve's mean over it,
which leaves the area exact; for the crossing it enters as straight pieces between many points.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest

from sim.outcomes import measure
from sim.streams import BLOCK
from sim.supply.timeline import Level
from tests.pipeline import level, lived, timeline, written

DAY = 24.0
START, DAYS = 10, 90

TEXT = """
name: area
title: Nobody leaves
clock: {start: 2025-01-01T00:00Z, horizon: 90 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {needs: [host], recovered_at: 95 %, stable_for: 1 d}}
users:
  start: 1000000
  served_by: use
  churn: 0 % per day
  segments: {everyone: {share: 100 %, patience: {mean: 1000000000 d}}}
"""

Curve = Callable[[float], float]


def primitive_exponential(t: float) -> float:
    return t + 5.6 * math.exp(-t / 8.0)


def primitive_cosine(t: float) -> float:
    return 0.65 * t - 7.0 / math.pi * math.sin(math.pi * t / 20.0)


def by_days(primitive: Curve, days: int) -> Level:
    """Each day with the mean of the curve over it, from the curve's primitive; full service afterwards."""
    steps = [((START + d) * DAY, primitive(d + 1) - primitive(d)) for d in range(days)]
    return level((0.0, 1.0), *steps, ((START + days) * DAY, 1.0))


def resilience(service: Level) -> dict[str, float]:
    scenario = written(TEXT).scenario()
    happened = timeline(DAYS * DAY, {"use": service})
    quiet = timeline(DAYS * DAY, {"use": level((0.0, 1.0))})
    outcome = measure(
        scenario, [happened] * BLOCK, lived(scenario, happened), [quiet] * BLOCK, lived(scenario, quiet)
    )
    return {name: float(outcome.columns[name][0]) for name in ("resilience_loss", "time_to_recover")}


def test_straight_recovery_loses_7_days() -> None:
    service = level((0.0, 1.0), (START * DAY, 0.3, 0.7 / (20 * DAY)), ((START + 20) * DAY, 1.0))
    assert resilience(service)["resilience_loss"] / DAY == pytest.approx(7.0, rel=1e-9)


def test_exponential_recovery_loses_5_56_days() -> None:
    found = resilience(by_days(primitive_exponential, 40))["resilience_loss"] / DAY
    assert found == pytest.approx(5.5622674968051213843, rel=1e-9)


def test_trigonometric_recovery_loses_7_days() -> None:
    found = resilience(by_days(primitive_cosine, 20))["resilience_loss"] / DAY
    assert found == pytest.approx(7.0, rel=1e-9)


def test_exponential_recovery_reaches_95_percent_after_21_days() -> None:
    """Straight pieces of 0.02 d around it miss the curve by 5e-7 and the crossing by 1e-4 d."""
    times = [*range(20), *(20.0 + 0.02 * i for i in range(100)), *range(22, 41)]
    points = [(float(t), 1.0 - 0.7 * math.exp(-t / 8.0)) for t in times]
    pieces = [
        ((START + t) * DAY, value, (after - value) / ((later - t) * DAY))
        for (t, value), (later, after) in pairwise(points)
    ]
    service = level((0.0, 1.0), *pieces, ((START + 40) * DAY, 1.0))
    assert resilience(service)["time_to_recover"] / DAY == pytest.approx(21.112458636922068916, abs=1e-4)
