"""Common-cause failures (case D5), played through a scenario: two hosts, a beta factor of 10 %.

Each host fails at rate f and is repaired at rate r; a share beta of its failures takes both down. While a
host is down it does not fail by itself. The chain of (common cause lasts, own failure of each lasts) has
eight states; its stationary law is solved here, apart from the simulator. With f / r so that each host is
down for 1 % of the time both are down for 0.001080919 of it (to within 2 %, as the case takes the causes as
independent), 10.8 times what independent hosts would be.

Source of the beta factor: K. N. Fleming, A reliability model for common mode failures in redundant safety
systems, General Atomic report GA-A13284, 1974.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.supplies import downtime, many, platform, z_score

BETA = 0.1
REPAIR = 0.1
"""Days."""
BETWEEN = REPAIR * 0.99 / 0.01
YEARS = 12


def stationary(beta: float) -> dict[str, float]:
    """Shares of the time in which one, and both, are down."""
    fail, repair = 1 / BETWEEN, 1 / REPAIR
    rates = np.zeros((8, 8))
    for state in range(8):
        common, own = state & 1, (state & 2, state & 4)
        rates[state, state ^ 1] = repair if common else beta * fail
        for bit, down in zip((2, 4), own, strict=True):
            rates[state, state ^ bit] = repair if down else 0.0 if common else (1 - beta) * fail
    generator = rates - np.diag(rates.sum(axis=1))
    system = np.vstack([generator.T, np.ones(8)])
    share = np.linalg.lstsq(system, np.append(np.zeros(8), 1.0), rcond=None)[0]
    return {
        "one": sum(share[s] for s in range(8) if s & 1 or s & 2),
        "both": sum(share[s] for s in range(8) if s & 1 or s & 6 == 6),
    }


@pytest.fixture(scope="module")
def found() -> list[tuple[float, float]]:
    """Shares of 12 years in which host a, and both, were down; 200 replications."""
    fails = {"every": {"mean": f"{BETWEEN} d"}, "lasts": {"mean": f"{REPAIR} d"}}
    scenario = platform(
        suppliers={"a": {"fails": fails}, "b": {"fails": fails}},
        groups={"hosts": {"members": ["a", "b"], "common": f"{100 * BETA} %"}},
        capabilities={"one": {"needs": ["a"]}, "either": {"needs_any": ["a", "b"]}},
        horizon=f"{YEARS * 365.25} d",
        seed=5,
    )
    total = YEARS * 8766.0
    return [(downtime(line, "one") / total, downtime(line, "either") / total) for line in many(scenario, 1)]


def test_the_chain_is_the_case() -> None:
    assert stationary(BETA)["both"] == pytest.approx(0.001080919, rel=0.02)
    assert stationary(BETA)["one"] == pytest.approx(0.01, rel=0.01)
    assert stationary(BETA)["both"] / stationary(0.0)["both"] == pytest.approx(10.8, rel=0.02)


@pytest.mark.slow
def test_both_hosts_are_down_together_as_often_as_the_chain_says(found: list[tuple[float, float]]) -> None:
    """Smallest error it sees: 7 % of the share; independence would be 10 times less."""
    both = [share for _, share in found]
    assert abs(z_score(both, stationary(BETA)["both"])) < 4
    assert abs(z_score(both, 1.1 * stationary(BETA)["both"])) > 4


@pytest.mark.slow
def test_each_host_fails_as_often_as_without_a_common_cause(found: list[tuple[float, float]]) -> None:
    """Smallest error it sees: 1 % of the share."""
    one = [share for share, _ in found]
    assert abs(z_score(one, stationary(BETA)["one"])) < 4
    assert stationary(BETA)["one"] == pytest.approx(stationary(0.0)["one"], rel=0.005)
