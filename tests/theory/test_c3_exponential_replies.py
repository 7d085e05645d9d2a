"""A sequential search whose replies take exponential times is itself exponential.

A geometric sum of exponentials of mean m is exponential with mean m / p: 1.5 d / 0.2 = 7.5 d, so it takes
more than 14 d with probability exp(-14 / 7.5) = 0.154638..., and its 95 % quantile is 22.467992... d.

Source: W. Feller, An Introduction to Probability Theory and Its Applications II, 2nd ed. 1971, ch. I.
4,000 replications: |z| <= 4 sees an error of 6.3 % of the mean and of 0.023 and 0.014 of the probabilities.
"""

from __future__ import annotations

from tests.supplies import DAY, downtime, many, platform, share_z, z_score

MEAN, OVER_14_DAYS, Q95 = 7.5, 0.15463826454925481125, 22.467992051654932451


def test_the_time_of_a_search_with_exponential_replies() -> None:
    search = {"candidates": 80, "acceptance": "20 %", "reply": {"mean": "1.5 d"}}
    events = [{"suspend": "host", "at": "10 d"}]
    scenario = platform(events=events, response={"detection": "0 h", "replace": {"host": {"search": search}}})
    days = [downtime(timeline) / DAY for timeline in many(scenario, blocks=20)]
    assert abs(z_score(days, MEAN)) <= 4
    assert abs(share_z(sum(value > 14 for value in days), len(days), OVER_14_DAYS)) <= 4
    assert abs(share_z(sum(value > Q95 for value in days), len(days), 0.05)) <= 4
