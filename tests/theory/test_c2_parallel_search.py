"""All candidates are asked at once; the first yes wins.

With n = 6 candidates that each accept with probability p = 0.3 and answer after an exponential time of mean
1 / nu = 3 d, the time to the first yes has the defective law P(T <= t) = 1 - (1 - p F(t))^n, so nobody is
left with probability (1 - p)^n = 0.117649, and E[T; success] = sum over k of C(n, k) p^k (1 - p)^(n - k) /
(k nu). Those who have refused by then are counted, those who were still thinking are not: of the other n -
1 each has refused by T if it refuses and answers earlier.

Source: order statistics of thinned samples, e.g. H. A. David, H. N. Nagaraja, Order Statistics, Wiley 2003,
sections 2.1 and 2.5. 4,000 replications: |z| <= 4 sees an error of 0.02 of the probabilities and of 8 % of
the mean time.
"""

from __future__ import annotations

from math import comb, exp

from tests.supplies import DAY, downtime, many, platform, share_z, told, z_score

N, P, MEAN = 6, 0.3, 3.0


def found_by(t: float) -> float:
    """P(somebody has agreed by then)."""
    return 1 - (1 - P * (1 - exp(-t / MEAN))) ** N


def test_the_time_of_a_parallel_search() -> None:
    search = {"candidates": N, "acceptance": "30 %", "reply": {"mean": "3 d"}, "at_once": N}
    events = [{"suspend": "host", "at": "10 d"}]
    scenario = platform(events=events, response={"detection": "0 h", "replace": {"host": {"search": search}}})
    times, found, by_one = [], 0, 0
    for timeline in many(scenario, blocks=20):
        assert timeline.contacted == N
        yes = bool(told(timeline, "accepted"))
        found += yes
        times.append(downtime(timeline) / DAY if yes else 0.0)
        by_one += yes and times[-1] <= 1.0
    mean = sum(comb(N, k) * P**k * (1 - P) ** (N - k) * MEAN / k for k in range(1, N + 1))
    assert abs(share_z(found, len(times), 1 - (1 - P) ** N)) <= 4
    assert abs(share_z(by_one, len(times), found_by(1.0))) <= 4
    assert abs(z_score(times, mean)) <= 4


def test_those_who_stand_by_are_such_a_search() -> None:
    standby = [{"name": f"host_{i}"} for i in range(N)]
    search = {"candidates": [], "standby": standby, "acceptance": "30 %", "reply": {"mean": "3 d"}}
    events = [{"suspend": "host", "at": "10 d"}]
    scenario = platform(events=events, response={"detection": "0 h", "replace": {"host": {"search": search}}})
    by_two = sum(
        bool(told(timeline, "accepted")) and downtime(timeline) <= 2 * DAY
        for timeline in many(scenario, blocks=20)
    )
    assert abs(share_z(by_two, 4000, found_by(2.0))) <= 4
