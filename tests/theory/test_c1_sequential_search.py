"""A search through a long list of candidates that each accept with probability p.

The number of enquiries is geometric: mean 1 / p = 5; at 1.5 d each the search takes 7.5 d on average with
variance 1.5^2 (1 - p) / p^2 = 45 d^2 (Wald's identities), and more than ten enquiries are needed with
probability (1 - p)^10 = 0.1073741824. A list of 80 is as good as endless: 0.8^80 = 2e-8.

Source: A. Wald, On cumulative sums of random variables, Ann. Math. Stat. 15 (1944) 283-296.
4,000 replications: |z| <= 4 sees an error of 5.7 % of the means, of 18 % of the variance, of 0.02 of the
probability.
"""

from __future__ import annotations

from tests.supplies import DAY, downtime, many, platform, share_z, z_score

MEAN_ATTEMPTS, MEAN_DAYS, VARIANCE, MORE_THAN_TEN = 5.0, 7.5, 45.0, 0.1073741824


def test_attempts_and_time_of_a_sequential_search() -> None:
    search = {"candidates": 80, "acceptance": "20 %", "reply": "1.5 d"}
    events = [{"suspend": "host", "at": "10 d"}]
    scenario = platform(events=events, response={"detection": "0 h", "replace": {"host": {"search": search}}})
    attempts, days = [], []
    for timeline in many(scenario, blocks=20):
        attempts.append(float(timeline.contacted))
        days.append(downtime(timeline) / DAY)
        assert timeline.refused == timeline.contacted - 1
    assert abs(z_score(attempts, MEAN_ATTEMPTS)) <= 4
    assert abs(z_score(days, MEAN_DAYS)) <= 4
    assert abs(z_score([(value - MEAN_DAYS) ** 2 for value in days], VARIANCE)) <= 4
    assert abs(share_z(sum(n > 10 for n in attempts), len(attempts), MORE_THAN_TEN)) <= 4
