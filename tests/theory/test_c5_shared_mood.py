"""Refusals that come together: all candidates share one mood p ~ Beta(2, 8).

The mean of p is 0.2, its correlation 1 / (2 + 8 + 1) = 1/11. P(8 refuse) = B(2, 16) / B(2, 8) = 0.264705...,
1.5777... times what independent candidates would give; after five refusals the sixth accepts with probability
2 / 15 = 0.1333... instead of 0.2. An endless list takes (2 + 8 - 1) / (2 - 1) = 9 enquiries on average,
though of infinite variance; a list of 8 takes sum over k < 8 of B(2, 8 + k) / B(2, 8).

Source: the Polya-Eggenberger (beta-binomial) law: N. L. Johnson, S. Kotz, Urn Models and Their Application,
Wiley 1977, ch. 4. 10,000 replications: |z| <= 4 sees an error of 0.018 of the first probability, of 0.02 of
the second, and of 0.12 enquiries.
"""

from __future__ import annotations

from math import exp, lgamma

import pytest

from tests.supplies import many, platform, share_z, z_score

ALL_REFUSE, AFTER_FIVE, RATIO, ENDLESS = (
    0.26470588235294117647,
    0.13333333333333333333,
    1.5777700087603400735,
    9.0,
)


def beta(a: float, b: float) -> float:
    """The beta function."""
    return exp(lgamma(a) + lgamma(b) - lgamma(a + b))


def refused(k: int) -> float:
    """P(the first k refuse)."""
    return beta(2, 8 + k) / beta(2, 8)


def test_the_formulas_give_the_known_values() -> None:
    assert refused(8) == pytest.approx(ALL_REFUSE, rel=1e-12)
    assert refused(8) / 0.8**8 == pytest.approx(RATIO, rel=1e-12)
    assert 1 - refused(6) / refused(5) == pytest.approx(AFTER_FIVE, rel=1e-12)
    assert sum(map(refused, range(100_000))) == pytest.approx(ENDLESS, rel=1e-3)


def test_refusals_with_a_shared_mood() -> None:
    search = {"candidates": 8, "acceptance": {"mean": "20 %", "correlation": 1 / 11}, "reply": "1 d"}
    events = [{"suspend": "host", "at": "10 d"}]
    scenario = platform(events=events, response={"detection": "0 h", "replace": {"host": {"search": search}}})
    contacted, all_refuse, five, sixth = [], 0, 0, 0
    for timeline in many(scenario, blocks=50):
        contacted.append(float(timeline.contacted))
        all_refuse += timeline.refused == 8
        five += timeline.refused >= 5
        sixth += timeline.refused == 5
    assert abs(share_z(all_refuse, len(contacted), ALL_REFUSE)) <= 4
    assert abs(share_z(sixth, five, AFTER_FIVE)) <= 4
    assert abs(z_score(contacted, sum(map(refused, range(8))))) <= 4
