"""Suppliers that follow one another (case C8), played through a scenario: a pure birth process.

Six suppliers, each leaves at 0.02 + 0.15 x (number gone) a day. The number gone is a pure birth process with
rates (6 - k)(0.02 + 0.15 k) from k to k + 1; its law is solved here with a matrix exponential, apart from the
simulator. The numbers of the case: 13.1054 d until all are gone; by day 7 there are 2.48777 gone on average,
a given one with probability 0.414629, none with 0.431711, all with 0.241692. A hazard that fades has closed
forms for a pair. Hawkes 1971, Biometrika 58:83, is the process with fading excitation.
"""

from __future__ import annotations

from math import exp, log1p

import numpy as np
import pytest
from scipy.linalg import expm

from sim.streams import Draws
from tests.supplies import many, platform, played, share_z, told, z_score

SUPPLIERS = 6
OWN, PUSH = 0.02, 0.15
WEEK = 7.0


def rates() -> list[float]:
    return [(SUPPLIERS - gone) * (OWN + PUSH * gone) for gone in range(SUPPLIERS)]


def law(days: float) -> list[float]:
    """Probability of each number gone."""
    generator = np.zeros((SUPPLIERS + 1, SUPPLIERS + 1))
    for gone, rate in enumerate(rates()):
        generator[gone, gone], generator[gone, gone + 1] = -rate, rate
    found: list[float] = expm(generator * days)[0].tolist()
    return found


@pytest.fixture(scope="module")
def times() -> list[list[float]]:
    """Days at which each of the six left, of 2000 replications; a year is enough for all."""
    leaves = {"hazard": f"{OWN} per d", "contagion": f"{PUSH} per d", "since": "0 d"}
    names = [f"s{i}" for i in range(SUPPLIERS)]
    scenario = platform(suppliers={name: {"leaves": leaves} for name in names}, horizon="3650 d", seed=8)
    found = []
    for line in many(scenario, 10):
        at = {entity: time / 24.0 for time, entity, _ in told(line, "left")}
        found.append([at[name] for name in names])
    return found


def test_the_process_has_the_numbers_of_the_case() -> None:
    week = law(WEEK)
    assert sum(1 / rate for rate in rates()) == pytest.approx(13.105426691329180328, rel=1e-12)
    assert sum(gone * p for gone, p in enumerate(week)) == pytest.approx(2.4877739846644701497, rel=1e-10)
    assert week[0] == pytest.approx(0.43171052342907969298, rel=1e-12)
    assert week[-1] == pytest.approx(0.24169152902337877849, rel=1e-10)


def test_time_until_all_are_gone(times: list[list[float]]) -> None:
    """Smallest error it sees: 4 standard errors, 6 % of the mean."""
    last = [max(each) for each in times]
    assert abs(z_score(last, sum(1 / rate for rate in rates()))) < 4


def test_number_gone_after_a_week(times: list[list[float]]) -> None:
    """Smallest error it sees: 0.21 suppliers of 2.49."""
    gone = [float(sum(time <= WEEK for time in each)) for each in times]
    assert abs(z_score(gone, 2.4877739846644701497)) < 4
    assert abs(z_score(gone, SUPPLIERS * 0.13064176460119418)) > 4  # what it would be without contagion


def test_shares_of_none_and_of_all_gone_after_a_week(times: list[list[float]]) -> None:
    """Smallest error they see: 4.4 and 3.8 percentage points."""
    none = sum(min(each) > WEEK for each in times)
    everybody = sum(max(each) <= WEEK for each in times)
    assert abs(share_z(none, len(times), 0.43171052342907969)) < 4
    assert abs(share_z(everybody, len(times), 0.24169152902337878)) < 4


def test_every_supplier_is_gone_as_often_as_another(times: list[list[float]]) -> None:
    """Smallest error it sees: 4.4 percentage points."""
    for place in range(SUPPLIERS):
        gone = sum(each[place] <= WEEK for each in times)
        assert abs(share_z(gone, len(times), 0.41462899744407836)) < 4


def test_the_whole_law_of_the_number_gone(times: list[list[float]]) -> None:
    """Chi-squared with 6 degrees of freedom; the 99.99 % point is 27.9."""
    seen = np.bincount([sum(time <= WEEK for time in each) for each in times], minlength=SUPPLIERS + 1)
    wanted = np.array(law(WEEK)) * len(times)
    assert float(((seen - wanted) ** 2 / wanted).sum()) < 27.9


def test_what_fades_is_followed_less_and_less() -> None:
    """One is gone at 0; the other's survival is exp(-h t - b f (1 - exp(-t / f))).

    Uniform at its leaving times: the mean of 1 - S is 1/2 where all leave, Kolmogorov-Smirnov at 1 in 10,000.
    Smallest error it sees: 5 percentage points of the distribution.
    """
    own, push, fades = 0.03, 0.4, 5.0
    leaves = {"hazard": f"{own} per d", "contagion": f"{push} per d", "fades_over": f"{fades} d"}
    scenario = platform(
        suppliers={"a": {}, "b": {"leaves": leaves}}, events=[{"suspend": "a", "at": "0 h"}],
        horizon="3650 d", seed=9,
    )  # fmt: skip
    days = sorted(told(line, "left")[0][0] / 24.0 for line in many(scenario, 10))
    law_at = [1.0 - exp(-own * t - push * fades * (1.0 - exp(-t / fades))) for t in days]
    n = len(law_at)
    gap = max(max((i + 1) / n - p, p - i / n) for i, p in enumerate(law_at))
    assert n == 2000
    assert gap * n**0.5 < 2.23


def test_the_instant_itself_follows_from_the_draw() -> None:
    """Exact: the integrated hazard at the instant of leaving is -log(1 - U)."""
    leaves = {"hazard": "0.03 per d", "contagion": "0.4 per d", "fades_over": "5 d"}
    scenario = platform(
        suppliers={"a": {}, "b": {"leaves": leaves}, "c": {}},
        events=[{"suspend": "a", "at": "0 h"}, {"suspend": "c", "at": "2 d"}],
        horizon="3650 d",
        seed=9,
    )
    for k in range(50):
        (time, _, _), *_ = told(played(scenario, k), "left")
        t = time / 24.0
        reached = 0.03 * t + sum(0.4 * 5.0 * (1.0 - exp(-(t - u) / 5.0)) for u in (0.0, 2.0) if t > u)
        wanted = -log1p(-Draws(scenario.seed, 0).column("b / leaves")[k])
        assert reached == pytest.approx(wanted, rel=1e-9)
