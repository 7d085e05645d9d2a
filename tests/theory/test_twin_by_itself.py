"""The twin has the laws that it is meant to have, where these can be written down.

What the clear version says is only worth something if the clear version is right. Each test lets a few
thousand users live in `tests.twin.world` and compares a count with a closed form, in standard errors. With
2,500 users a share of 0.5 that is wrong by 0.04 is seen.

Sources: competing causes, R. L. Prentice et al., Biometrics 34 (1978) 541 (cumulative incidence); frailty,
J. W. Vaupel, K. G. Manton and E. Stallard, Demography 16 (1979) 439; contagion, F. M. Bass, Management
Science 15 (1969) 215, and N. T. J. Bailey, The Elements of Stochastic Processes (1964), section 8 (the pure
birth chain of a finite population); queues, C. Palm's and L. Kleinrock's fluid approximations (Kleinrock,
Queueing Systems II (1976), section 2.7).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.twin.doors import Doors, Span
from tests.twin.manners import (
    Announcement,
    Cliff,
    Entrance,
    Member,
    Moves,
    Newcomers,
    Rival,
    Segment,
    Setting,
)
from tests.twin.patience import (
    AfterAVisit,
    Constant,
    Exponential,
    Frailty,
    Mixture,
    Patience,
    Weibull,
    leaves_at_clock,
)
from tests.twin.world import World

DAY = 24.0
LATER = 100 * DAY
USERS = 2500
NEVER_LEAVES = Constant(10 * LATER)


def member(patience: Patience = NEVER_LEAVES, **said: Any) -> Member:
    return Member(**{"patience": patience, "return_rate": 0.0, "return_fades_over": None, **said})


def world(
    *times: float,
    number: int = USERS,
    down: tuple[Span, ...] = ((0.0, LATER),),
    joining_down: tuple[Span, ...] = (),
    like: Member | None = None,
    seed: int = 5,
    **setting: Any,
) -> World:
    """One segment of users who are down (from the start, unless said) and live until after the last time."""
    horizon = 1.01 * max(times)
    capacity = tuple(piece for start, end in down for piece in ((start, 0.0, 0.0), (end, 1.0, 0.0)))
    capacity = capacity if down and down[0][0] == 0.0 else ((0.0, 1.0, 0.0), *capacity)
    doors = Doors(horizon, down, joining_down, capacity=capacity)
    segments = {"all": Segment(number, like or member(), doors)}
    return World(Setting(segments, **setting), times, np.random.default_rng(seed)).run()


def z(seen: float, share: float, number: int = USERS) -> float:
    """Standard errors between a count and the expected one of so many independent users."""
    return (seen - number * share) / math.sqrt(number * share * (1.0 - share))


def test_causes_compete_so_each_takes_its_share_of_those_who_are_left() -> None:
    """Incidence of cause j: rate_j / sum x (1 - exp(-sum x t)), not 1 - exp(-rate_j t); all churn alike."""
    days = 35.0
    rivals = {"a": Rival(pull=0.02 / DAY), "b": Rival(pull=0.01 / DAY)}
    like = member(Exponential(DAY / 0.005), churn=0.001 / DAY)
    seen = world(days * DAY, like=like, rivals=rivals).reports[0]
    there = math.exp(-0.001 * days)
    left = there * -math.expm1(-0.035 * days) / 0.035
    assert abs(z(seen.away_at["all", "a"], 0.02 * left)) < 4
    assert abs(z(seen.away_at["all", "b"], 0.01 * left)) < 4
    assert abs(z(seen.away_at["all", "elsewhere"], 0.005 * left)) < 4
    assert abs(z(seen.count["all", "gone"], 1.0 - there)) < 4
    assert abs(z(seen.away_at["all", "a"], there * -math.expm1(-0.02 * days))) > 6


def test_a_rival_that_is_tried_first_is_left_for_in_two_stages() -> None:
    """Hypoexponential: tries at u, leaves at v; beside = u / (v - u) x (exp(-u t) - exp(-v t))."""
    u, v, t = 0.05 / DAY, 0.1 / DAY, 20 * DAY
    seen = world(t, rivals={"a": Rival(pull=v, tries=u)}).reports[0]
    beside = u / (v - u) * (math.exp(-u * t) - math.exp(-v * t))
    assert abs(z(seen.beside["a"], beside)) < 4
    assert abs(z(seen.count["all", "away"], 1.0 - math.exp(-u * t) - beside)) < 4


def test_a_rival_pulls_nobody_before_it_opens() -> None:
    seen = world(10 * DAY, 30 * DAY, rivals={"a": Rival(pull=0.05 / DAY, opens_at=10.5 * DAY)}).reports
    assert seen[0].count["all", "away"] == 0
    assert abs(z(seen[1].count["all", "away"], -math.expm1(-0.05 * 19.5))) < 4


def test_followers_make_the_mean_of_the_pure_birth_chain() -> None:
    """N = 50, hazard a + b x (share that has left): exact mean by the forward equations, 120 worlds."""
    people, a, b, days = 50, 0.01, 0.1, 35.0
    rates = np.array([(people - k) * (a + b * k / people) for k in range(people + 1)])
    from scipy.linalg import expm

    generator = np.diag(-rates) + np.diag(rates[:-1], 1)
    chances = expm(generator * days)[0]
    mean = float(chances @ np.arange(people + 1))
    sd = math.sqrt(float(chances @ (np.arange(people + 1) - mean) ** 2))
    like = member(Exponential(DAY / a), friends_waiting=b / DAY)
    worlds = [world(days * DAY, number=people, like=like, seed=seed) for seed in range(120)]
    seen = float(np.mean([w.reports[0].count["all", "away"] for w in worlds]))
    assert abs(seen - mean) / (sd / math.sqrt(len(worlds))) < 4
    without = people * -math.expm1(-a * days)
    assert abs(without - mean) / (sd / math.sqrt(len(worlds))) > 15


def test_a_rival_that_grows_attracts_as_the_two_sizes_say() -> None:
    """dA/dt = pull x W x min(m, (1 + A / B) / (W / N)): by scipy; the bias of N = 2,500 is O(1)."""
    from scipy.integrate import solve_ivp

    size, theirs, pull, most = USERS, 2000.0, 0.01, 3.0

    def flow(_: float, away: Any) -> Any:
        waits = size - away
        return pull * waits * np.minimum(most, (1.0 + away / theirs) / (waits / size))

    times = (20 * DAY, 40 * DAY)
    fluid = solve_ivp(flow, (0.0, 40.0), [0.0], t_eval=[20.0, 40.0], rtol=1e-9).y[0]
    worlds = [
        world(*times, rivals={"a": Rival(pull / DAY, theirs, grows=1.0, at_most=most)}, seed=s)
        for s in (1, 2)
    ]
    for i in range(2):
        counts = [w.reports[i].count["all", "away"] for w in worlds]
        share = float(fluid[i]) / size
        assert abs(z(sum(counts), share, 2 * size)) < 4 * 1.7  # a growing pull widens the spread


@pytest.mark.parametrize(
    "law",
    [
        Mixture(((0.3, Exponential(5.0)), (0.7, Weibull(40.0, 0.8)))),
        Frailty(Exponential(20.0), 1.5),
        Frailty(Weibull(20.0, 0.7), 0.5),
        AfterAVisit(0.1, Exponential(15.0)),
    ],
    ids=["mixture", "frailty", "frailty of a Weibull", "first failed visit"],
)
def test_who_is_drawn_literally_has_the_survival_of_the_law(law: Patience) -> None:
    """Also of those who still wait on hour 10, and where a pressure multiplies the hazard."""
    rng = np.random.default_rng(8)
    for clock, pressure in ((0.0, 1.0), (10.0, 1.0), (10.0, 2.5)):
        drawn = [leaves_at_clock(law, clock, rng, pressure) for _ in range(2000)]
        for t in (15.0, 40.0):
            share = (law.survival(t) / law.survival(clock)) ** pressure
            assert abs(z(sum(hours > t for hours in drawn), share, len(drawn))) < 4


def test_survivals_are_those_of_the_textbooks() -> None:
    """Lomax for an exponential with gamma frailty; hypoexponential for a visit and then an exponential."""
    assert Frailty(Exponential(20.0), 1.5).survival(30.0) == pytest.approx((1 + 1.5 * 1.5) ** (-1 / 1.5))
    v, u = 0.1, 1 / 15.0
    both = (v * math.exp(-u * 30) - u * math.exp(-v * 30)) / (v - u)
    assert AfterAVisit(v, Exponential(15.0)).survival(30.0) == pytest.approx(both, abs=1e-4)


def test_a_share_comes_back_at_the_reopening_and_it_fades_with_the_outage() -> None:
    like = member(Exponential(5 * DAY), on_reopening=0.5, outage_fades=10 * DAY, stigma_returning=0.8)
    seen = world(11 * DAY - 1, 12 * DAY, down=((1 * DAY, 11 * DAY),), like=like).reports
    left = -math.expm1(-2.0)
    assert abs(z(seen[1].count["all", "away"], left * (1.0 - 0.4 * math.exp(-1.0)))) < 4


def test_a_promise_holds_is_missed_and_ends_when_the_service_is_back() -> None:
    announced = (
        Announcement(2 * DAY, 3 * DAY, 0.2, 3.0),
        Announcement(4 * DAY, 4 * DAY, 0.5, 2.0),
    )
    seen = world(
        9 * DAY, 25 * DAY, down=((0.0, 10 * DAY), (20 * DAY, 30 * DAY)), like=member(Exponential(20 * DAY)),
        announcements=announced,
    ).reports  # fmt: skip
    hours = 2.0 + 0.2 * 2.0 + 0.5 * 4.0 + 2.0 * 1.0
    assert abs(z(seen[0].count["all", "away"], -math.expm1(-hours / 20))) < 4
    hours += 2.0 + 5.0
    assert abs(z(seen[1].count["all", "away"], -math.expm1(-hours / 20))) < 4


def test_stigma_and_earlier_outages_multiply_the_hazard() -> None:
    down = ((0.0, 5 * DAY), (6 * DAY, 9 * DAY), (10 * DAY, 12 * DAY), (30 * DAY, 33 * DAY))
    like = member(Exponential(40 * DAY), again=1.5, stigma_leaving=2.0)
    seen = world(13 * DAY, 34 * DAY, down=down, like=like).reports
    hours = 2.0 * (5.0 + 1.5 * 3.0 + 1.5**2 * 2.0)
    assert abs(z(seen[0].count["all", "away"], -math.expm1(-hours / 40))) < 4
    assert abs(z(seen[1].count["all", "away"], -math.expm1(-(hours + 2.0 * 3.0) / 40))) < 4


def test_newcomers_churn_more_until_they_settle() -> None:
    """Unsettled: exp(-(c + n + s) t); settled from them: n and c apart, integral of settling."""
    churn, more, over, t = 0.01 / DAY, 0.1 / DAY, 10 * DAY, 12 * DAY
    like = member(churn=churn, newcomers=Newcomers(more, over, 1.0, at_start=0.5))
    seen = world(t, down=(), like=like).reports[0]
    fast = more + 1.0 / over
    settled = 0.5 * math.exp(-churn * t) * (1.0 - math.exp(-fast * t)) / over / fast
    unsettled = 0.5 * math.exp(-(churn + fast) * t)
    still = 0.5 * math.exp(-churn * t) + settled + unsettled
    assert abs(z(seen.count["all", "active"], still)) < 4


def test_a_cliff_takes_those_whose_store_is_shut_and_some_of_them_move() -> None:
    doors, web = Doors(20 * DAY, (), ((5 * DAY, 15 * DAY),)), Doors(20 * DAY)
    like = member(moves=Moves("web", 0.3))
    segments = {"app": Segment(USERS, like, doors), "web": Segment(1, member(), web)}
    cliffs = (Cliff(10 * DAY, 0.6), Cliff(17 * DAY, 0.9))
    seen = World(Setting(segments, cliffs=cliffs), (19 * DAY,), np.random.default_rng(3)).run().reports[0]
    assert abs(z(seen.count["app", "away"], 0.6 * 0.7)) < 4
    assert abs(z(seen.count["web", "active"] - 1, 0.6 * 0.3)) < 4


def test_the_queue_empties_at_the_rate_of_the_door() -> None:
    """Q falls by A an hour; a tick of A x 0.05 people is the tolerance."""
    w = world(61.0, 80.0, 200.0, down=((10.0, 60.0),), number=1000, entrance=Entrance(10.0))
    assert w.reports[0].door == pytest.approx(990, abs=2)
    assert w.reports[1].door == pytest.approx(800, abs=2)
    assert w.reports[2].door == 0
    assert w.reports[2].count["all", "active"] == 1000


def test_retries_take_from_the_capacity_of_the_door() -> None:
    """dQ/dt = -A / (1 + k Q / A): A t = Q0 - Q + k (Q0^2 - Q^2) / (2 A)."""
    w = world(110.0, 160.0, down=((10.0, 60.0),), number=1500, entrance=Entrance(10.0, retries=0.02))
    a, k, start = 10.0, 0.02, 1500.0
    for hours, report in zip((50.0, 100.0), w.reports, strict=True):
        left = start + k * start**2 / (2 * a) - a * hours
        queue = (-1.0 + math.sqrt(1.0 + 2.0 * k * left / a)) / (k / a)
        assert report.door == pytest.approx(queue, abs=2)


def test_some_abandon_the_door() -> None:
    """dQ/dt = -A - h Q: Q = (Q0 + A / h) exp(-h t) - A / h."""
    h, a, t = 0.02, 20.0, 20.0
    w = world(60.0 + t, down=((10.0, 60.0),), number=2000, entrance=Entrance(a, abandons=h))
    queue = (2000 + a / h) * math.exp(-h * t) - a / h
    away = 2000 - queue - a * t
    assert abs(z(w.reports[0].count["all", "away"], away / 2000, 2000)) < 4
    assert abs(z(w.reports[0].door, queue / 2000, 2000)) < 4
