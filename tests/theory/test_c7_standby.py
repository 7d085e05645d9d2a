"""Standby hosts that share a shock are worth less than independent ones.

Three hosts stand by. With probability c = 0.15 something makes all of them leave; else each drops the
platform with probability d = 0.3 by itself. At least one can be used with probability (1 - c)(1 - d^3) =
0.82705; three independent ones of the same marginal probability 0.595 would give 0.9335...

The shock is their shared mood: an acceptance that is 0 in 3 of 20 cases and 70 % in 17.

Source: the beta-factor model of common-cause failures (K. N. Fleming 1975; NUREG/CR-5485, 1998). 4,000
replications: |z| <= 4 sees an error of 0.024 of the probability, a quarter of the difference.
"""

from __future__ import annotations

from tests.supplies import many, platform, share_z, told

SHOCK, DROP, K = 0.15, 0.3, 3
USABLE = (1 - SHOCK) * (1 - DROP**K)
INDEPENDENT = 1 - (1 - (1 - SHOCK) * (1 - DROP)) ** K


def usable(acceptance: object) -> tuple[int, int]:
    """In how many replications a standby takes over, of how many."""
    standby = [{"name": name, "reply": "1 h"} for name in ("one", "two", "three")]
    search = {"candidates": [], "standby": standby, "acceptance": acceptance}
    response = {"detection": "0 h", "replace": {"host": {"search": search}}}
    scenario = platform(events=[{"suspend": "host", "at": "10 d"}], response=response)
    hits = [bool(told(timeline, "accepted")) for timeline in many(scenario, blocks=20)]
    return sum(hits), len(hits)


def test_standby_hosts_with_a_common_shock() -> None:
    assert abs(USABLE - 0.82705) < 1e-12
    assert abs(INDEPENDENT - 0.933569875) < 1e-12
    assert abs(share_z(*usable({"values": [0.0] * 3 + [1 - DROP] * 17}), USABLE)) <= 4
    assert abs(share_z(*usable((1 - SHOCK) * (1 - DROP)), INDEPENDENT)) <= 4


def test_a_correlated_acceptance_is_such_a_shock_too() -> None:
    """Beta(a, b) with mean 0.6 and correlation 0.25: P(all refuse) = B(a, b + 3) / B(a, b)."""
    a, b = 0.6 * 3, 0.4 * 3  # correlation 1 / (a + b + 1)
    n = a + b
    refused = b * (b + 1) * (b + 2) / (n * (n + 1) * (n + 2))
    assert abs(share_z(*usable({"mean": "60 %", "correlation": 0.25}), 1 - refused)) <= 4
