"""Work that is done until it is right, and appeals that are made until one is granted: geometric compounds.

A task of exponential length (mean 2 d) that has to be done again with probability r = 0.4 each time takes
an exponential time of mean 2 / (1 - r) = 3.333... d in all; it is done 1 / (1 - r) times on average. In the
same way reviews of mean 10 d, each granted with probability g = 0.3, end after an exponential time of mean
10 / g = 33.3... d if there is no pause between; of at most 3 applications all fail with probability 0.7^3 =
0.343, and E[T; granted] follows from the Erlang laws: sum over k <= 3 of g (1 - g)^(k - 1) 10 k.

Source: a geometric sum of exponentials is exponential (W. Feller II, II.4). 4,000 replications: |z| <= 4
sees an error of 6.5 % of the means, of 0.03 of the probability, of 0.07 of the times done.
"""

from __future__ import annotations

from math import exp

from tests.supplies import DAY, downtime, many, platform, share_z, told, z_score


def test_rework_compounds_to_an_exponential_time() -> None:
    tasks = {"test": {"takes": {"mean": "2 d"}, "rework": "40 %"}}
    response = {"detection": "0 h", "replace": {"host": {"tasks": tasks}}}
    scenario = platform(events=[{"suspend": "host", "at": "10 d"}], response=response)
    days, times = [], []
    for timeline in many(scenario, blocks=20):
        days.append(downtime(timeline) / DAY)
        times.append(float(sum(record.name == "test" for record in timeline.records)))
    assert abs(z_score(days, 2 / 0.6)) <= 4
    assert abs(z_score(times, 1 / 0.6)) <= 4
    assert abs(share_z(sum(value > 5.0 for value in days), len(days), exp(-5.0 * 0.6 / 2))) <= 4


def test_appeals_until_one_is_granted() -> None:
    for most, fails in ((3, 0.7**3), (100, 0.0)):
        appeal = {"review": {"mean": "10 d"}, "granted": "30 %", "at_most": most}
        scenario = platform(
            suppliers=["store"],
            events=[{"delist": "store", "at": "10 d"}],
            response={"appeal": {"store": appeal}},
            horizon="9999 d",
        )
        days, refused = [], 0
        for timeline in many(scenario, blocks=20):
            granted = bool(told(timeline, "appeal granted"))
            refused += not granted
            days.append(downtime(timeline) / DAY if granted else 0.0)
        mean = sum(0.3 * 0.7 ** (k - 1) * 10 * k for k in range(1, most + 1))
        assert abs(z_score(days, mean)) <= 4
        assert refused == 0 if fails == 0.0 else abs(share_z(refused, len(days), fails)) <= 4


def test_a_replacement_serves_for_an_exponential_time() -> None:
    """Drops at 2 % a day, and a search of 5 d each time: up 50 d, down 5 d, in turn, from the first on."""
    search = {"candidates": [{"acceptance": "100 %", "reply": "5 d", "drops": "2 % per day"}]}
    response = {"detection": "0 h", "replace": {"host": {"search": search}}}
    scenario = platform(events=[{"suspend": "host", "at": "0 d"}], response=response, horizon="600 d")
    served, late = [], 0
    for timeline in many(scenario, blocks=20):
        falls = [t for t, _, _ in told(timeline, "dropped")]
        served.append(min(falls[0] / DAY - 5.0 if falls else 600.0, 200.0))
        late += timeline.levels["use"].at(500 * DAY) == 1.0
    assert abs(z_score(served, 50 * (1 - exp(-200 / 50)))) <= 4  # censored at 200 d
    # So long after the start the role is served with the long-run probability 50 / 55.
    assert abs(share_z(late, len(served), 50 / 55)) <= 4
