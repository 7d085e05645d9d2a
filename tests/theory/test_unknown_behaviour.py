"""What nobody knows has one value a replication, and each replication's users live by its own value.

Given the value of its unknowns a replication is the same closed form as ever: leavers 1 - S(D), churn
exp(-mu t), returns by the integral of their hazard. Exact: relative 1e-9.

Source: nested (two-dimensional) Monte Carlo: unknowns outside, chance inside; A. O'Hagan, Probabilistic
uncertainty specification, Environmental Modelling & Software 36 (2012) 35, doi 10.1016/j.envsoft.2011.03.003.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.demand import History, simulate_demand
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from tests.pipeline import level, timeline, written
from tests.theory.one_outage import DAY, N

TEXT = """
name: unknown
title: Nobody knows what people are like
seed: 7
clock: {{start: 2025-01-01T00:00Z, horizon: 60 d, report_every: 1 d}}
suppliers: {{host: {{kind: cloud host}}}}
capabilities: {{use: {{needs: [host]}}}}
users: {{start: 15000000, served_by: use, joins: 0 per day, churn: 0 per day, {users}}}
unknowns:
  {unknowns}
"""


def lived(users: str, unknowns: str) -> tuple[History, Inputs]:
    """All replications of block 4 through an outage of 20 days from day 1."""
    scenario = written(TEXT.format(users=users, unknowns=unknowns)).scenario()
    inputs = Inputs(scenario, Draws(scenario.seed, 4))
    fixed = timeline(60 * DAY, {"use": level((0.0, 1.0), (DAY, 0.0), (21 * DAY, 1.0))})
    return simulate_demand(scenario, [fixed] * BLOCK, inputs), inputs


def share(history: History, state: str, day: int) -> NDArray[np.float64]:
    """A value a replication."""
    return np.asarray(history.states[state][:, 0, day] / N)


def drawn(unknown: str) -> NDArray[np.float64]:
    """The uniform behind an unknown."""
    return Draws(7, 4).column(f"unknown / {unknown}")


NEVER = "returns: {rate: 0 per day}"


def test_scale_of_a_weibull_patience() -> None:
    users = f"patience: {{law: weibull, shape: 0.8, scale: 30 d}}, {NEVER}"
    history, inputs = lived(users, "users.patience.scale: {low: 10 d, high: 90 d}")
    scale = 10 + 80 * drawn("users.patience.scale")
    _, overrides = inputs.law("users.patience")
    np.testing.assert_allclose(overrides["scale"], scale * DAY, rtol=1e-12)
    np.testing.assert_allclose(share(history, "away", 21), -np.expm1(-((20 / scale) ** 0.8)), rtol=1e-9)
    np.testing.assert_allclose(share(history, "waiting", 11), np.exp(-((10 / scale) ** 0.8)), rtol=1e-9)


def test_median_and_p90_of_a_lognormal_patience() -> None:
    from scipy.stats import norm

    history, _ = lived(
        f"patience: {{median: 20 d, p90: 200 d}}, {NEVER}",
        "users.patience.median: {low: 10 d, high: 90 d}\n  users.patience.p90: {low: 100 d, high: 300 d}",
    )
    median, p90 = 10 + 80 * drawn("users.patience.median"), 100 + 200 * drawn("users.patience.p90")
    sigma = np.log(p90 / median) / norm.ppf(0.9)
    np.testing.assert_allclose(share(history, "waiting", 11), norm.sf(np.log(10 / median) / sigma), rtol=1e-9)
    np.testing.assert_allclose(share(history, "active", 21), norm.sf(np.log(20 / median) / sigma), rtol=1e-9)


def test_a_patience_that_is_the_same_for_everyone_and_known_to_nobody() -> None:
    history, _ = lived(f"patience: 30 d, {NEVER}", "users.patience: {low: 10 d, high: 30 d}")
    patience = 10 + 20 * drawn("users.patience")
    for day in (5, 15, 25):
        clock = min(day, 21) - 1
        np.testing.assert_array_equal(share(history, "away", day) > 0.5, patience <= clock)
    assert 0.3 < np.mean(share(history, "away", 21)) < 0.7


@pytest.mark.parametrize("field", ["rate", "fades_over"])
def test_return(field: str) -> None:
    said = {"rate": "{low: 1 % per day, high: 9 % per day}", "fades_over": "{low: 5 d, high: 60 d}"}[field]
    history, _ = lived(
        "patience: 480 h, returns: {rate: 5 % per day, fades_over: 30 d}", f"users.returns.{field}: {said}"
    )
    # The patience is as long as the outage: who leaves at its very end has not been away for any time.
    u = drawn(f"users.returns.{field}")
    rate, fades = (0.01 + 0.08 * u, 30.0) if field == "rate" else (0.05, 5 + 55 * u)
    away = share(history, "away", 21)
    held = np.exp(-rate * fades * -np.expm1(-30 / fades))
    np.testing.assert_allclose(share(history, "away", 51), away * held, rtol=1e-9, atol=1e-12)


def test_churn() -> None:
    history, _ = lived(f"patience: 1000 d, {NEVER}", "users.churn: {low: 0 per day, high: 5 % per day}")
    churn = 0.05 * drawn("users.churn")
    for day, state in ((1, "waiting"), (15, "waiting"), (40, "active")):
        np.testing.assert_allclose(share(history, state, day), np.exp(-churn * day), rtol=1e-9)
    np.testing.assert_allclose(share(history, "gone", 60), -np.expm1(-churn * 60), rtol=1e-9, atol=1e-12)


def test_what_an_unknown_covers_in_one_segment_leaves_the_others_alone() -> None:
    users = (
        f"patience: {{mean: 30 d}}, {NEVER}, segments: {{core: {{share: 50 %, patience: {{mean: 60 d}}}}, "
        "casual: {share: 50 %}}"
    )
    history, _ = lived(users, "users.segments.casual.patience.mean: {low: 10 d, high: 90 d}")
    mean = 10 + 80 * drawn("users.segments.casual.patience.mean")
    np.testing.assert_allclose(history.states["waiting"][:, 0, 11], 0.5 * N * np.exp(-10 / 60), rtol=1e-9)
    np.testing.assert_allclose(history.states["waiting"][:, 1, 11], 0.5 * N * np.exp(-10 / mean), rtol=1e-9)
