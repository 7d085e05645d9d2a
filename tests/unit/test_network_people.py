"""Individuals on a network: independent without influence, and with it free of how the books are kept."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.demand.network import k_core, make_ties, needed, side_by_side
from sim.demand.network.draws import CHURN, NEXT, STAYING, exponential, seeds_of, uniform
from sim.demand.network.hazards import CERTAIN, Habits, Hazards, Ways
from sim.demand.network.moves import CHURNED, FRIENDS, GAVE_UP, LEFT, RETURNED, TOO_FEW, Moves
from sim.demand.network.people import follow_people
from sim.demand.network.ties import Ties, ties_of
from sim.scenario.crowd import Network
from sim.streams import generator

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

PEOPLE = 4_000
DAY = 24.0
STEP = 3.0
EDGES = np.arange(0.0, 40 * DAY + STEP, STEP)


def network(people: int = PEOPLE, friends: float = 8.0, kind: str = "random") -> Ties:
    made = Network.model_validate({"people": people, "kind": kind, "friends": friends})
    return make_ties(made, generator(3, "unit / network", 0))


def alone(people: int) -> Ties:
    return ties_of(np.zeros((0, 2), dtype=np.int64), people)


def seeds(people: int, number: int = 0) -> NDArray[np.uint64]:
    return seeds_of(people, generator(3, "unit / people", number))


def kinds(people: int) -> NDArray[np.int32]:
    return np.zeros(people, dtype=np.int32)


def steady(own: float, pull: float = 0.0, edges: Array = EDGES) -> Hazards:
    """Hazards per day that never change."""
    return Hazards.of(edges, own / DAY * edges[:, None], pull / DAY * edges[:, None])


def present_at_end(moves: Moves, people: int) -> Mask:
    there = np.ones(people, dtype=np.bool_)
    for who, what in zip(moves.person, moves.what, strict=True):
        there[who] = what == RETURNED
    return there


def lively(ties: Ties, *, window: int = 24, number: int = 0, traced: bool = False) -> Moves:
    """Everything at once: own hazards, friends, thresholds, returns, churn, giving up, a closed way back."""
    kind = (np.arange(ties.people) % 2).astype(np.int32)
    own = np.stack([0.02 / DAY * EDGES, 0.05 * np.sqrt(EDGES / DAY)], axis=1)
    pull = np.repeat(0.06 / DAY * np.clip(EDGES - 5 * DAY, 0.0, 15 * DAY)[:, None], 2, axis=1)
    hazards = Hazards(EDGES, (0.5 * own, 0.5 * own), (0, 1), (True, True), pull)
    ways = Ways(
        opens=np.tile([0.0, 20 * DAY, np.inf], (4, 1)),
        closes=np.tile([5 * DAY, np.inf, np.inf], (4, 1)),
        reopens=np.full((4, 1), 20 * DAY),
        draws_back=np.full((4, 1), 0.2),
    )
    one = np.ones((2, 2))
    habits = Habits(
        churn=np.array([0.002, 0.001]) / DAY, gives_up=np.array([0.01, 0.0]) / DAY,
        uninstalls=np.array([0.2, 0.0]), rate=one * 0.05 / DAY, fading=np.array([1 / (20 * DAY), 0.0]),
        holds=one, deterred=np.array([0.6, 0.0]), within=np.array([0.0, 3 * DAY]),
    )  # fmt: skip
    need = needed(ties.degree, 0.3, 2)
    return follow_people(
        ties, kind, hazards, ways, habits, seeds(ties.people, number), need=need, window=window, traced=traced
    )


def same(one: Moves, other: Moves) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Moves.__slots__)


class TestWithoutInfluence:
    def test_everybody_leaves_when_the_hazard_borne_is_reached(self) -> None:
        """Exact to rounding, tied or not, if friends do not matter."""
        borne = exponential(seeds(PEOPLE), STAYING)
        expected = np.where(borne <= 2.0, borne * 20 * DAY, np.inf)
        for ties in (alone(PEOPLE), network()):
            moves = follow_people(
                ties, kinds(PEOPLE), steady(0.05), Ways.never(1), Habits.of(1), seeds(PEOPLE)
            )
            np.testing.assert_allclose(moves.first_left(PEOPLE), expected, rtol=1e-9)

    def test_a_law_that_is_not_exponential_is_met_at_every_edge(self) -> None:
        """Weibull patience of shape 0.5: in a step the hazard is constant, at its ends all is exact."""
        table = np.sqrt(EDGES / (10 * DAY))[:, None]
        moves = follow_people(
            alone(PEOPLE), kinds(PEOPLE), Hazards.of(EDGES, table), Ways.never(1), Habits.of(1), seeds(PEOPLE)
        )
        borne = exponential(seeds(PEOPLE), STAYING)
        exact = borne**2 * 10 * DAY
        left = moves.first_left(PEOPLE)
        for hour in (3.0, 9.0, 99.0, 900.0):
            assert ((left <= hour) == (exact <= hour)).all()
        assert (np.abs(left - exact)[exact < EDGES[-1]] < STEP).all()

    def test_counts_scatter_as_those_of_independent_people(self) -> None:
        """300 groups of 100: mean n p, variance n p (1 - p); sees a mean wrong by 1.2 %, a spread by 17 %."""
        groups, size, hours = 300, 100, 10 * DAY
        everybody = groups * size
        moves = follow_people(
            alone(everybody), kinds(everybody), steady(0.05), Ways.never(1), Habits.of(1), seeds(everybody)
        )
        left = (moves.first_left(everybody) <= hours).reshape(groups, size).sum(axis=1)
        p = 1 - math.exp(-0.05 * 10)
        variance = size * p * (1 - p)
        assert abs(left.mean() - size * p) < 4 * math.sqrt(variance / groups)
        assert abs(left.var(ddof=1) / variance - 1) < 4 * math.sqrt(2 / (groups - 1))

    def test_certain_hazards_take_everybody_at_that_hour(self) -> None:
        table = np.where(EDGES >= 48.0, CERTAIN, 0.0)[:, None]
        moves = follow_people(
            alone(50), kinds(50), Hazards.of(EDGES, table), Ways.never(1), Habits.of(1), seeds(50)
        )
        assert len(moves) == 50
        assert ((moves.time > 48.0 - STEP) & (moves.time <= 48.0)).all()

    def test_churn_is_exponential_whatever_the_state(self) -> None:
        habits = Habits.of(1, churn=0.03 / DAY)
        for hazards in (steady(0.0), steady(0.5)):
            moves = follow_people(network(), kinds(PEOPLE), hazards, Ways.never(1), habits, seeds(PEOPLE))
            churned = moves.what == CHURNED
            times = np.full(PEOPLE, np.inf)
            times[moves.person[churned]] = moves.time[churned]
            drawn = exponential(seeds(PEOPLE), CHURN) / (0.03 / DAY)
            np.testing.assert_allclose(times, np.where(drawn <= EDGES[-1], drawn, np.inf))
            assert (
                (moves.place[churned] >= 0)
                == (moves.first_left(PEOPLE)[moves.person[churned]] < times[moves.person[churned]])
            ).all()

    def test_returns_fade_with_absence(self) -> None:
        """All leave at once; back by age a: 1 - exp(-rate x fades (1 - exp(-a / fades)))."""
        people, rate, fades = 20_000, 0.05, 20.0
        table = np.where(EDGES >= 1.0, CERTAIN, 0.0)[:, None]
        moves = follow_people(
            alone(people), kinds(people), Hazards.of(EDGES, table), Ways.from_hour(1, STEP),
            Habits.of(1, rate=rate / DAY, fading=1 / (fades * DAY)), seeds(people),
        )  # fmt: skip
        back = moves.what == RETURNED
        assert (np.bincount(moves.person[back]) <= 1).all()
        for days in (3.0, 20.0, 39.0):
            faded = math.exp(-STEP / DAY / fades) - math.exp(-days / fades)  # the way opens after a step
            share = 1 - math.exp(-rate * fades * faded)
            found = (back & (moves.time <= days * DAY)).sum() / people
            assert abs(found - share) < 4 * math.sqrt(share * (1 - share) / people)

    def test_an_impulse_that_fires_while_the_way_is_closed_is_wasted(self) -> None:
        """Left at once, open from day 30: back by day 40 is 1 - exp(-rate f (e^(-30/f) - e^(-40/f)))."""
        people, rate, fades = 20_000, 0.1, 25.0
        table = np.where(EDGES >= 1.0, CERTAIN, 0.0)[:, None]
        moves = follow_people(
            alone(people), kinds(people), Hazards.of(EDGES, table), Ways.from_hour(1, 30 * DAY),
            Habits.of(1, rate=rate / DAY, fading=1 / (fades * DAY)), seeds(people),
        )  # fmt: skip
        back = moves.time[moves.what == RETURNED]
        assert back.min() >= 30 * DAY
        share = 1 - math.exp(-rate * fades * (math.exp(-30 / fades) - math.exp(-40 / fades)))
        assert abs(back.size / people - share) < 4 * math.sqrt(share * (1 - share) / people)

    def test_returning_and_giving_up_race(self) -> None:
        """Constant hazards r and g: the share r / (r + g) of those who move returns."""
        people, rate, quits = 20_000, 0.06, 0.03
        table = np.where(EDGES >= 1.0, CERTAIN, 0.0)[:, None]
        moves = follow_people(
            alone(people), kinds(people), Hazards.of(EDGES, table), Ways.from_hour(1, STEP),
            Habits.of(1, rate=rate / DAY, gives_up=quits / DAY), seeds(people),
        )  # fmt: skip
        by = 1 - math.exp(-(rate + quits) * (EDGES[-1] - STEP) / DAY)
        for what, share in ((RETURNED, rate / (rate + quits) * by), (GAVE_UP, quits / (rate + quits) * by)):
            found = (moves.what == what).sum() / people
            assert abs(found - share) < 4 * math.sqrt(share * (1 - share) / people) + 1e-3

    def test_causes_share_the_leavers_in_proportion_to_their_hazards(self) -> None:
        people = 20_000
        parts = tuple(rate / DAY * EDGES[:, None] for rate in (0.03, 0.06, 0.01))
        hazards = Hazards(EDGES, parts, (0, 1, 0), (True, True, False), np.zeros_like(parts[0]))
        habits = Habits.of(1)
        wide = np.zeros((2, 1))
        moves = follow_people(
            alone(people),
            kinds(people),
            hazards,
            Ways.never(1),
            replace(habits, rate=wide, holds=wide),
            seeds(people),
        )
        assert set(np.unique(moves.place[moves.cause == 1])) == {1}
        for cause, share in enumerate((0.3, 0.6, 0.1)):
            found = (moves.cause == cause).mean()
            assert abs(found - share) < 4 * math.sqrt(share * (1 - share) / len(moves))


class TestReturning:
    def test_absent_friends_keep_people_away(self) -> None:
        """Everybody left at once: an impulse succeeds with chance 1 - deterred, until friends are back."""
        table = np.where(EDGES >= 1.0, CERTAIN, 0.0)[:, None]
        found = []
        for deterred in (0.0, 0.9):
            habits = Habits.of(1, rate=0.05 / DAY, fading=1 / (20 * DAY), deterred=deterred)
            moves = follow_people(
                network(), kinds(PEOPLE), Hazards.of(EDGES, table), Ways.always(1), habits, seeds(PEOPLE)
            )
            found.append((moves.what == RETURNED).sum())
        assert found[1] < found[0] / 3

    def test_at_a_reopening_a_share_comes_back_at_once(self) -> None:
        people = 20_000
        table = np.where(EDGES >= 1.0, CERTAIN, 0.0)[:, None]
        open_ = Ways.from_hour(1, 10 * DAY)
        ways = replace(open_, reopens=open_.opens, draws_back=np.full((2, 2), 0.4))
        moves = follow_people(
            alone(people), kinds(people), Hazards.of(EDGES, table), ways, Habits.of(1), seeds(people)
        )
        back = moves.what == RETURNED
        assert (moves.time[back] == 10 * DAY).all()
        assert abs(back.sum() / people - 0.4) < 4 * math.sqrt(0.24 / people)

    def test_who_returned_may_leave_again_and_bears_a_new_hazard(self) -> None:
        people, own, rate = 20_000, 0.2, 0.3
        moves = follow_people(
            alone(people),
            kinds(people),
            steady(own),
            Ways.always(1),
            Habits.of(1, rate=rate / DAY),
            seeds(people),
        )
        at = 40 * DAY  # two states: the share away nears own / (own + rate), e^(-20) off it by then
        early = moves.time <= at
        away = ((moves.what == LEFT) & early).sum() - ((moves.what == RETURNED) & early).sum()
        share = own / (own + rate)
        assert abs(away / people - share) < 4 * math.sqrt(share * (1 - share) / people)


class TestThresholds:
    @pytest.mark.parametrize("k", [2, 3, 4])
    def test_after_a_shock_those_who_stay_are_the_k_core(self, k: int) -> None:
        ties = network(PEOPLE, 8.0)
        shocked = np.zeros(PEOPLE, dtype=np.bool_)
        shocked[generator(3, "unit / shock", k).permutation(PEOPLE)[: PEOPLE // 4]] = True
        own = np.stack([np.zeros(EDGES.size), np.where(EDGES >= 5.0, CERTAIN, 0.0)], axis=1)
        need = np.where(shocked, 0, k).astype(np.int32)
        moves = follow_people(
            ties,
            shocked.astype(np.int32),
            Hazards.of(EDGES, own),
            Ways.never(2),
            Habits.of(2),
            seeds(PEOPLE),
            need=need,
        )
        stays = present_at_end(moves, PEOPLE)
        assert 0 < stays.sum() < PEOPLE * 3 // 4
        np.testing.assert_array_equal(stays, k_core(ties, k, ~shocked))
        assert set(np.unique(moves.cause)) == {TOO_FEW, 0}

    @pytest.mark.parametrize("within", [0.0, 4 * DAY])
    def test_more_people_removed_never_leaves_more(self, within: float) -> None:
        """Nested shocks, thresholds with any delay, nobody returns: who stays is nested too."""
        ties = network(PEOPLE, 8.0)
        order = generator(3, "unit / shock", 0).permutation(PEOPLE)
        stays = []
        for share in (0.05, 0.15, 0.25, 0.35, 0.45):
            shocked = np.zeros(PEOPLE, dtype=np.int32)
            shocked[order[: int(share * PEOPLE)]] = 1
            own = np.stack([np.zeros(EDGES.size), np.where(EDGES >= 5.0, CERTAIN, 0.0)], axis=1)
            moves = follow_people(
                ties, shocked, Hazards.of(EDGES, own), Ways.never(2), Habits.of(2, within=within),
                seeds(PEOPLE), need=needed(ties.degree, 0.35),
            )  # fmt: skip
            stays.append(present_at_end(moves, PEOPLE))
        for more, fewer in pairwise(stays):
            assert not (fewer & ~more).any()
            assert fewer.sum() < more.sum() or not more.any()
        assert stays[1].any()

    def test_one_who_has_too_few_friends_from_the_start_leaves_within_the_mean_time(self) -> None:
        people, within = 10_000, 5 * DAY
        moves = follow_people(
            alone(people), kinds(people), steady(0.0), Ways.never(1), Habits.of(1, within=within),
            seeds(people), need=np.full(people, 1, dtype=np.int32),
        )  # fmt: skip
        assert (moves.cause == TOO_FEW).all()
        for days in (2.0, 5.0, 15.0):
            share = 1 - math.exp(-days / 5.0)
            assert abs((moves.time <= days * DAY).mean() - share) < 4 * math.sqrt(
                share * (1 - share) / people
            )

    def test_who_gets_friends_back_in_time_stays(self) -> None:
        """Pairs: one leaves at hour 1 and returns at once; the other's delay is never over."""
        pairs = 500
        ties = ties_of(np.arange(2 * pairs).reshape(-1, 2), 2 * pairs)
        kind = (np.arange(2 * pairs) % 2).astype(np.int32)
        own = np.stack([np.where(EDGES >= 1.0, 3.0, 0.0), np.zeros(EDGES.size)], axis=1)
        rate = np.array([[1000.0, 0.0]])  # per hour
        habits = replace(Habits.of(2, within=1e6 * DAY), rate=rate)
        moves = follow_people(
            ties, kind, Hazards.of(EDGES, own), Ways.always(2), habits, seeds(2 * pairs),
            need=np.where(kind == 1, 1, 0).astype(np.int32),
        )  # fmt: skip
        assert set(moves.person % 2) == {0}
        assert (moves.what == RETURNED).sum() > 400


class TestBookkeeping:
    def test_how_often_everybody_is_looked_up_changes_nothing(self) -> None:
        ties = network(600, 6.0)
        daily = lively(ties)
        assert {LEFT, RETURNED, GAVE_UP, CHURNED} == set(np.unique(daily.what))
        assert {FRIENDS, TOO_FEW, 0, 1} == set(np.unique(daily.cause[daily.what == LEFT]))
        for window in (1, 7, 5000):
            assert same(daily, lively(ties, window=window))

    def test_asking_because_of_whom_changes_nothing_else(self) -> None:
        ties = network(600, 6.0)
        plain, traced = lively(ties), lively(ties, traced=True)
        assert (plain.because == -1).all()
        assert same(plain, replace(traced, because=plain.because))
        followed = np.isin(traced.cause, (FRIENDS, TOO_FEW)) & (traced.what == LEFT)
        for who, friend in zip(traced.person[followed], traced.because[followed], strict=True):
            assert friend == -1 or friend in ties.friends_of(np.array([who]))
        assert (traced.because[followed] >= 0).mean() > 0.9
        assert (traced.because[~followed] == -1).all()

    def test_two_networks_side_by_side_do_what_each_does_alone(self) -> None:
        one, other = network(300, 6.0), network(500, 4.0)
        both = side_by_side([one, other])
        stream = np.concatenate([seeds(300, 1), seeds(500, 2)])
        hazards, ways, habits = (
            steady(0.02, 0.1),
            Ways.always(1),
            Habits.of(1, churn=1e-4, rate=0.001, deterred=0.5),
        )
        whole = follow_people(both, kinds(800), hazards, ways, habits, stream)
        alone_ = follow_people(other, kinds(500), hazards, ways, habits, stream[300:])
        part = whole.chosen(whole.person >= 300)
        assert same(replace(part, person=part.person - np.int32(300)), alone_)

    def test_moves_of_one_person_make_sense(self) -> None:
        """From present one leaves or churns, from away one returns, gives up or churns, then it is over."""
        moves = lively(network(600, 6.0))
        state = np.zeros(600, dtype=np.int64)
        allowed = {(0, LEFT): 1, (1, RETURNED): 0, (1, GAVE_UP): 2, (0, CHURNED): 2, (1, CHURNED): 2}
        for who, what in zip(moves.person, moves.what, strict=True):
            state[who] = allowed[int(state[who]), int(what)]
        assert (np.diff(moves.time) >= 0).all()

    def test_other_seeds_give_other_moves(self) -> None:
        ties = network(600, 6.0)
        assert not same(lively(ties), lively(ties, number=1))

    def test_streams_of_people_are_uniform_and_independent_of_each_other(self) -> None:
        """Mean, variance and correlations of 200,000 numbers at 4 standard errors."""
        stream = seeds(200_000)
        u = np.stack(
            [
                uniform(stream + np.uint64(int(NEXT) * d % 2**64), p)
                for d, p in ((0, 0), (0, 1), (1, 0), (7, 5))
            ]
        )
        assert ((u > 0) & (u < 1)).all()
        assert (np.abs(u.mean(axis=1) - 0.5) < 4 * math.sqrt(1 / 12 / stream.size)).all()
        assert (np.abs(np.var(u, axis=1) - 1 / 12) < 4 * math.sqrt(1 / 180 / stream.size)).all()
        correlations = np.asarray(np.corrcoef(u))[np.triu_indices(4, 1)]
        assert (np.abs(correlations) < 4 / math.sqrt(stream.size)).all()
        assert abs(np.asarray(np.corrcoef(u[0, :-1], u[0, 1:]))[0, 1]) < 4 / math.sqrt(stream.size)
