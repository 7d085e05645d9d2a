"""The closed forms and the twin, one SimPy process a user, have the same law.

On a fixed timeline users are independent, so of n users who were there from the start the number in a state
at a time is Binomial(n, p), and so it is of n newcomers (whether they have joined yet or not), where p is the
simulator's expected share. For each segment, state and report time an exact two-sided p-value; Bonferroni
over all cells at 1e-4.

Source: N. G. van Kampen, Stochastic Processes in Physics and Chemistry (2007), section VII.6 (independent
particles); exact test: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404.

With 2,000 users in three segments a cell sees a share wrong by 0.12 (500 users of a segment at p = 0.5); the
slow variant, with 40,000 users, sees 0.03. That this is sharp enough is shown by the tests at the end: they
break the twin on purpose, one rule at a time, and it is found out.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.demand import History
from tests.pipeline import lived, written
from tests.theory.twin_cases import CASES, HORIZON, PEOPLE, SHARES, USERS
from tests.twin.doors import Doors
from tests.twin.people import STATES, Diary, Person, User, lives

LEVEL = 1e-4
Floats = NDArray[np.float64]


@cache
def expected(name: str) -> tuple[History, History]:
    """Expected counts of those present at the start, and of them and the newcomers together."""
    case = CASES[name]
    first, everyone = (
        lived(written(case.text(joins=joins)).scenario(), case.timeline()) for joins in (False, True)
    )
    return first, everyone


def p_values(seen: Sequence[int], people: int, shares: Floats) -> Floats:
    """Exact two-sided p-values: the chance of all counts that are no likelier than the one seen."""
    from scipy.stats import binom

    probabilities = np.clip(shares, 0.0, 1.0)[:, None]
    chances: Floats = np.asarray(binom.pmf(np.arange(people + 1), people, probabilities))
    observed = np.take_along_axis(chances, np.array(seen)[:, None], axis=1)
    return np.asarray(np.where(chances <= observed * (1 + 1e-7), chances, 0.0).sum(axis=1))


def cells(
    name: str,
    *,
    seed: int,
    times: int = 1,
    kind: type[User] = User,
    people: Mapping[str, Person] | None = None,
) -> Floats:
    """All p-values of one case: each segment's first users, then its newcomers, by state and report time.

    The twin may be another `kind` of user, or other `people` than the simulator's: broken on purpose.
    """
    case, (first, everyone) = CASES[name], expected(name)
    reports = tuple(float(t) for t in first.times[1:])
    found: list[Floats] = []
    for s, segment in enumerate(first.segments):
        person, doors = (people or case.people)[segment], case.doors(segment)
        rng = np.random.default_rng([seed, s])
        present, joined = float(first.start[0, s]), float(everyone.joined[0, s])
        number, newcomers = round(times * present), round(times * joined)
        joins = case.joins(segment).draw(newcomers, doors, rng)
        old = lives(person, doors, [0.0] * number, reports, rng, kind)
        new = lives(person, doors, joins, reports, rng, kind)
        for state in STATES:
            counts, total = first.states[state][0, s, 1:], everyone.states[state][0, s, 1:]
            found.append(p_values(old.counts[state], number, counts / present))
            found.append(p_values(new.counts[state], newcomers, (total - counts) / joined))
    return np.concatenate(found)


def agrees(found: Floats) -> bool:
    """Whether the smallest p-value is one that chance explains, Bonferroni over all cells of all cases."""
    return bool(found.min() > LEVEL / (len(CASES) * found.size))


@pytest.mark.parametrize("name", CASES)
def test_twin_has_the_same_counts_in_every_segment_state_and_time(name: str) -> None:
    found = cells(name, seed=11)
    assert found.size == 3 * 2 * len(STATES) * 20
    assert agrees(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_forty_thousand_users_agree_too(name: str) -> None:
    assert agrees(cells(name, seed=12, times=20))


@pytest.mark.parametrize("name", CASES)
def test_newcomers_are_the_integral_of_the_rate_while_the_doors_are_open(name: str) -> None:
    from scipy.integrate import quad

    case = CASES[name]
    _, everyone = expected(name)
    for s, segment in enumerate(everyone.segments):
        doors, joins = case.doors(segment), case.joins(segment)
        edges = {0.0, HORIZON, *(at for at, _, _ in joins.surges)}
        edges |= {edge for span in (*doors.service_down, *doors.joining_down) for edge in span}
        steps = sorted(edge for edge in edges if edge <= HORIZON)
        total = math.fsum(
            quad(joins.at, a, b, args=(doors,), epsrel=1e-12)[0] if joins.at(a, doors) else 0.0
            for a, b in itertools.pairwise(steps)
        )
        assert float(everyone.joined[0, s]) == pytest.approx(total, rel=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_hours_of_service_agree(name: str) -> None:
    """Mean hours served of the users present at the start; |z| <= 4 sees 3 to 5 % of the hours."""
    case = CASES[name]
    first, _ = expected(name)
    for s, segment in enumerate(first.segments):
        number = round(USERS * SHARES[segment])
        rng = np.random.default_rng([13, s])
        diary = lives(case.people[segment], case.doors(segment), [0.0] * number, (0.0,), rng)
        hours = np.array(diary.served_hours)
        z = (hours.mean() - first.served_hours[0, s] / number) / (hours.std(ddof=1) / math.sqrt(number))
        assert abs(z) <= 4


# -- broken on purpose: the comparison must notice -------------------------------------------------------


class PooledAge(User):
    """Uses the time since the doors opened instead of the user's own absence."""

    def become(self, what: str, now: float) -> None:
        super().become(what, now)
        if self.state == "away":
            ends = [end for start, end in self.doors.service_down if start <= now < end]
            self.left_at = ends[0] if ends else now


class NeedsNoApp(User):
    """Whoever deleted the app returns without it."""

    def become(self, what: str, now: float) -> None:
        super().become(what, now)
        self.needs_app = False


class RestartsTheClock(User):
    """Forgets an outage at once."""

    def __init__(self, person: Person, doors: Doors, diary: Diary, rng: np.random.Generator) -> None:
        super().__init__(person, dataclasses.replace(doors, forgotten_after=0.0), diary, rng)


class SparedFromChurn(User):
    """Does not churn while waiting or away, so that an outage protects."""

    def first_of(self, now: float) -> tuple[str, float]:
        what, when = super().first_of(now)
        protected = what == "churns" and self.state in {"waiting", "away"}
        return ("nothing", math.inf) if protected else (what, when)


class ReturnsIntoAnOutage(User):
    """Returns whether or not the service is up."""

    def first_of(self, now: float) -> tuple[str, float]:
        real = self.doors
        if self.state == "away":
            self.doors = dataclasses.replace(real, service_down=())
        found = super().first_of(now)
        self.doors = real
        return found


LONG, THREE, CUT = CASES
WRONG_RULES = {
    PooledAge: LONG,
    NeedsNoApp: LONG,
    RestartsTheClock: THREE,
    SparedFromChurn: CUT,
    ReturnsIntoAnOutage: LONG,
}
WRONG_NUMBERS: tuple[dict[str, float | None], ...] = (
    {"gives_up": 0.0},
    {"app_decay": 0.0},
    {"uninstalls": 0.0},
    {"churn": 0.0},
    {"return_fades_over": None},
    {"return_rate": 0.0},
)


@pytest.mark.parametrize("kind", WRONG_RULES, ids=lambda kind: kind.__name__)
def test_a_wrong_rule_is_noticed(kind: type[User]) -> None:
    assert not agrees(cells(WRONG_RULES[kind], seed=11, kind=kind))


@pytest.mark.parametrize("change", WRONG_NUMBERS, ids=lambda change: next(iter(change)))
def test_a_wrong_number_is_noticed(change: dict[str, float | None]) -> None:
    casual = dataclasses.replace(PEOPLE["casual"], **change)  # type: ignore[arg-type]
    assert not agrees(cells(LONG, seed=11, people={**PEOPLE, "casual": casual}))
