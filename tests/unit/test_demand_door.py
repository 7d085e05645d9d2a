"""One step of the queue at the door: its laws for whatever it is given, and a slow solver beside it.

The laws hold to rounding (1e-12 of all people) where nobody tries twice and to 1e-9 with retries. The slow
solver is an adaptive Runge-Kutta of order 8, run to every instant at which somebody begins or ceases to stand
there; it agrees to 1e-9 of all people and of all who could be let in.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from sim.demand.stepping.door import Drained, drain
from sim.demand.stepping.door_queue import spans
from sim.streams import generator
from tests.properties.platforms import law

Array = NDArray[np.float64]

EXACT, CLOSE = 1e-12, 1e-9


@dataclass(frozen=True)
class Step:
    """What one step is given; `drain` in a form that can be varied."""

    waiting: float
    arrivals: float
    first: float
    last: float
    retries: float
    abandons: float
    hours: float

    @property
    def everyone(self) -> float:
        return self.waiting + self.arrivals * self.hours

    @property
    def slope(self) -> float:
        return (self.last - self.first) / self.hours

    def drained(self) -> Drained:
        come = self.arrivals * self.hours
        return drain(
            self.waiting, come, (self.first, self.last), self.retries, self.abandons, self.hours
        )  # fmt: skip


def some(most: float) -> st.SearchStrategy[float]:
    """Nothing, or anything up to ``most``, small numbers as often as large ones."""
    return st.one_of(st.just(0.0), st.floats(1e-3, 1.0).map(lambda x: x**3 * most))


def steps(retries: st.SearchStrategy[float]) -> st.SearchStrategy[Step]:
    """Any step; in half of them the capacity stays as it is."""

    def capacity(pair: tuple[float, float, bool]) -> tuple[float, float]:
        return (pair[0], pair[0]) if pair[2] else pair[:2]

    both = st.tuples(some(3e5), some(3e5), st.booleans()).map(capacity)
    rest = st.tuples(some(1e6), some(3e5), retries, some(0.5), st.sampled_from([0.01, 0.5, 3.0, 24.0]))
    return st.tuples(both, rest).map(lambda p: Step(p[1][0], p[1][1], *p[0], *p[1][2:]))


ONCE = steps(st.just(0.0))
ANY = steps(st.one_of(st.just(0.0), st.floats(0.01, 3.0)))


@law(120)
@given(ANY)
def test_nobody_is_lost_at_the_door(step: Step) -> None:
    end = step.drained()
    assert min(map(float, astuple(end))) >= 0.0
    total = end.waiting + end.let_in + end.abandoned
    assert total == pytest.approx(step.everyone, rel=EXACT)
    assert end.abandoned == pytest.approx(step.abandons * end.waited, rel=EXACT, abs=EXACT * step.everyone)


@law(120)
@given(ANY)
def test_no_more_are_let_in_than_the_capacity_allows(step: Step) -> None:
    end = step.drained()
    most = step.hours * (step.first + step.last) / 2
    assert end.let_in <= most + (CLOSE if step.retries else EXACT) * step.everyone
    assert end.waited <= step.everyone * step.hours * (1 + EXACT)


@law(120)
@given(ONCE, st.floats(0.0, 1.0))
def test_a_step_may_be_cut_anywhere_where_nobody_tries_twice(step: Step, share: float) -> None:
    cut(step, share, EXACT)


@law(60)
@given(ANY, st.floats(0.05, 0.95))
def test_with_retries_a_cut_changes_nothing_that_matters(step: Step, share: float) -> None:
    """Near the length that tips an error grows by up to exp(retries x hours)."""
    short = replace(step, hours=min(step.hours, 3.0))
    cut(short, share, 1e-10 * np.exp(short.retries * short.hours))


def cut(step: Step, share: float, tolerance: float) -> None:
    """In two steps as in one."""
    whole = step.drained()
    middle = step.first + step.slope * share * step.hours
    one = replace(step, last=middle, hours=share * step.hours) if share else None
    waiting, let_in, abandoned, waited = (step.waiting, 0.0, 0.0, 0.0)
    if one is not None and one.hours > 0.0:
        waiting, let_in, abandoned, waited = map(float, astuple(one.drained()))
    rest = step.hours * (1 - share)
    if rest > 0.0:
        two = replace(step, waiting=waiting, first=middle, hours=rest).drained()
        waiting, let_in = float(two.waiting), let_in + float(two.let_in)
        abandoned, waited = abandoned + float(two.abandoned), waited + float(two.waited)
    limit = tolerance * step.everyone
    assert waiting == pytest.approx(whole.waiting, rel=0, abs=4 * limit)
    assert let_in == pytest.approx(whole.let_in, rel=0, abs=4 * limit)
    assert abandoned == pytest.approx(whole.abandoned, rel=0, abs=4 * limit)
    assert waited == pytest.approx(whole.waited, rel=0, abs=4 * limit * step.hours)


@law(80)
@given(ANY, some(1e5), some(1e5))
def test_more_capacity_never_lets_in_fewer(step: Step, more: float, later: float) -> None:
    limit = (CLOSE if step.retries else EXACT) * step.everyone
    less, ample = step.drained(), replace(step, first=step.first + more, last=step.last + later).drained()
    assert ample.waiting <= less.waiting + limit
    assert ample.abandoned <= less.abandoned + limit
    assert ample.waited <= less.waited + limit * step.hours
    assert ample.let_in >= less.let_in - limit


@law(60)
@given(ANY, st.floats(0.0, 2.0))
def test_more_tries_never_let_in_more(step: Step, more: float) -> None:
    limit = CLOSE * step.everyone
    once, often = step.drained(), replace(step, retries=step.retries + more).drained()
    assert often.waiting >= once.waiting - limit
    assert often.let_in <= once.let_in + limit


@law(60)
@given(ANY, st.sampled_from([1e-6, 0.5, 24.0, 1e3]))
def test_the_unit_of_people_does_not_matter(step: Step, times: float) -> None:
    scaled = replace(
        step, waiting=step.waiting * times, arrivals=step.arrivals * times,
        first=step.first * times, last=step.last * times,
    )  # fmt: skip
    for one, other in zip(astuple(step.drained()), astuple(scaled.drained()), strict=True):
        assert other == pytest.approx(one * times, rel=0, abs=4 * CLOSE * times * step.everyone * step.hours)


@law(60)
@given(ONCE)
def test_next_to_no_retries_are_none(step: Step) -> None:
    """The retries take 1e-9 of what stands there: the two ways of solving meet."""
    once, hardly = step.drained(), replace(step, retries=1e-9).drained()
    limit = (CLOSE + 1e-9 * step.hours) * step.everyone
    assert hardly.waiting == pytest.approx(once.waiting, rel=0, abs=limit)
    assert hardly.let_in == pytest.approx(once.let_in, rel=0, abs=limit)


# -- beside a slow solver --------------------------------------------------------------------------------


def solved(step: Step) -> tuple[float, float, float]:
    """Waiting, let in and person-hours: the equation solved piece by piece by somebody else."""
    waiting, let_in, waited = step.waiting, 0.0, 0.0

    def change(t: float, state: Array) -> list[float]:
        capacity = step.first + step.slope * t
        people = float(state[0])
        load = capacity + step.retries * people
        inward = capacity**2 / load if load else 0.0
        return [step.arrivals - inward - step.abandons * people, inward, people]

    def empty(_: float, state: Array) -> float:
        return float(state[0])

    empty.terminal, empty.direction = True, -1.0  # type: ignore[attr-defined]
    now, again = 0.0, False
    while now < step.hours:
        if waiting == 0.0 and not again and step.arrivals <= step.first + step.slope * now:
            falls = step.slope < 0.0
            begins = (step.first - step.arrivals) / -step.slope if falls else step.hours
            begins = min(max(begins, now), step.hours)
            let_in += step.arrivals * (begins - now)
            now, again = begins, True
            continue
        found = solve_ivp(
            change, (now, step.hours), [waiting, let_in, waited], method="DOP853", rtol=1e-12,
            atol=1e-13 * step.everyone, max_step=step.hours / 40, events=None if again else empty,
        )  # fmt: skip
        now = float(found.t[-1])
        waiting, let_in, waited = (float(value) for value in found.y[:, -1])
        waiting = 0.0 if found.status == 1 else waiting
    return waiting, let_in, waited


@law(60)
@given(ANY)
def test_a_slow_solver_says_the_same(step: Step) -> None:
    """In steps of 3 hours at most: near the length that tips any error grows, the solver's too."""
    short = replace(step, hours=min(step.hours, 3.0))
    places = short.hours * (short.first + short.last)
    end, limit = short.drained(), CLOSE * (short.everyone + places)
    waiting, let_in, waited = solved(short)
    assert end.waiting == pytest.approx(waiting, rel=0, abs=limit)
    assert end.let_in == pytest.approx(let_in, rel=0, abs=limit)
    assert end.waited == pytest.approx(waited, rel=0, abs=limit * short.hours)


@pytest.mark.parametrize("retries", [1e-9, 1e-3, 0.5])
@pytest.mark.parametrize("abandons", [0.0, 0.1])
@pytest.mark.parametrize(
    ("waiting", "first", "last"),
    [
        (1.0, 130.0, 50.0),  # comes and goes within one sub-step where next to nobody tries twice
        (50.0, 200.0, 0.0),  # is empty for a while, then begins again
        (0.0, 60.0, 400.0),  # begins with nobody, grows, and is empty again
        (300.0, 0.0, 400.0),
        (100.0, 100.0, 0.0),
    ],
)
def test_queues_that_come_and_go_on_a_ramp(
    waiting: float, first: float, last: float, retries: float, abandons: float
) -> None:
    """100 an hour for 8 hours, in one step; 1e-9 of all people."""
    step = Step(waiting, 100.0, first, last, retries, abandons, 8.0)
    end, exact = step.drained(), solved(step)
    limit = CLOSE * step.everyone
    assert end.waiting == pytest.approx(exact[0], rel=0, abs=limit)
    assert end.let_in == pytest.approx(exact[1], rel=0, abs=limit)
    assert end.waited == pytest.approx(exact[2], rel=0, abs=limit * step.hours)


@pytest.mark.parametrize("x", [0.0, 1e-9, 0.1, 0.499999, 0.5, 0.51, 1.0, 30.0])
def test_the_spans_of_an_exponential_keep_their_digits(x: float) -> None:
    """Against sums of exact fractions: 1e-15 of the value, on either side of where the series ends."""
    exact = Fraction(x)
    for order, value in enumerate(spans(np.array([x / 2]), np.array([2.0])), start=1):
        terms = (Fraction(2) ** order * (-exact) ** n / factorial(n + order) for n in range(170))
        assert value[0] == pytest.approx(float(sum(terms)), rel=1e-15)


# -- shapes and limits -----------------------------------------------------------------------------------


def test_many_rows_at_once_are_each_row_alone_to_the_last_bit() -> None:
    rng = generator(1, "rows")
    shape = (200, 3)
    waiting = rng.random(shape) * rng.choice([0.0, 1e5, 1e6], shape)
    arriving, hours = 3e5 * rng.random(shape), 3.0
    both = 3e5 * rng.random((2, *shape))
    both[1] = np.where(rng.random(shape) < 0.3, both[0], both[1])
    retries = rng.choice([0.0, 0.0, 0.5, 2.0], shape)
    whole = drain(waiting, arriving, (both[0], both[1]), retries, 0.01, hours)
    for at in np.ndindex(40, 3):
        alone = drain(waiting[at], arriving[at], (both[0][at], both[1][at]), retries[at], 0.01, hours)
        for one, many in zip(astuple(alone), astuple(whole), strict=True):
            assert one.shape == ()
            assert many.shape == shape
            assert one == many[at]


def test_shapes_are_broadcast_and_what_is_given_is_left_alone() -> None:
    waiting, hours = np.array([[0.0], [50.0]]), np.array([1.0, 2.0, 0.0])
    end = drain(waiting, 10.0 * hours, (20.0, 20.0), 0.0, 0.0, hours)
    np.testing.assert_array_equal(end.waiting, [[0.0, 0.0, 0.0], [40.0, 30.0, 50.0]])
    np.testing.assert_array_equal(end.let_in, [[10.0, 20.0, 0.0], [20.0, 40.0, 0.0]])
    np.testing.assert_array_equal(waiting, [[0.0], [50.0]])
    end.waiting[:] = 1.0  # results are the caller's own
    assert drain(np.zeros((0, 3)), 1.0, (1.0, 1.0), 1.0, 1.0, 1.0).waiting.shape == (0, 3)


def test_those_who_come_in_no_time_stand_at_the_door() -> None:
    end = drain(5.0, 7.0, (1e6, 1e6), 0.5, 0.5, 0.0)
    assert (float(end.waiting), float(end.let_in)) == (12.0, 0.0)


@pytest.mark.parametrize("retries", [0.0, 0.5])
def test_a_door_without_capacity_lets_nobody_in(retries: float) -> None:
    end = drain([0.0, 100.0], [30.0, 30.0], (0.0, 0.0), retries, 0.0, 3.0)
    np.testing.assert_array_equal(end.let_in, [0.0, 0.0])
    np.testing.assert_allclose(end.waiting, [30.0, 130.0], rtol=EXACT)
    np.testing.assert_allclose(end.waited, [45.0, 345.0], rtol=EXACT)


@pytest.mark.parametrize("retries", [0.0, 1e-3, 0.5, 20.0])
def test_a_capacity_that_grows_from_nothing_meets_people_from_the_first_instant(retries: float) -> None:
    """Nobody stands there and nobody could be let in at first: 0 / 0 for the retries."""
    step = Step(0.0, 100.0, 0.0, 150.0, retries, 0.01, 2.0)
    waiting, let_in, _ = solved(replace(step, first=1e-9))
    end = step.drained()
    assert end.waiting == pytest.approx(waiting, rel=0, abs=1e-7 * step.everyone)
    assert end.let_in == pytest.approx(let_in, rel=0, abs=1e-7 * step.everyone)


def test_next_to_no_spare_capacity_never_empties_the_queue() -> None:
    end = drain(1e6, 100.0, (100.0, np.nextafter(100.0, 200.0)), 0.0, [0.0, 1e-12], 1.0)
    np.testing.assert_allclose(end.waiting, 1e6, rtol=1e-11)
    end = drain(1e300, 0.0, (1e-10, 1e-10), 0.0, [0.0, 1e-3], 1.0)
    assert (end.waiting > 9.9e299).all()
