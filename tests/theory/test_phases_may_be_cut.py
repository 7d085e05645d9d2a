"""Cutting a stretch of time in two changes nothing (Chapman-Kolmogorov), so a look inside is like an end.

The users at a time are found from the start of the phase it lies in; had the phase ended there, they would be
carried to its end instead. Both must agree, and so must the hours served, and these must be the integral of
active users x capacity.

Source: W. Feller, An Introduction to Probability Theory and Its Applications I (1968), section XV.3.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.demand import STATES
from sim.supply.timeline import Level
from tests.pipeline import lived, timeline, written
from tests.theory.twin_cases import CASES, DAY, HORIZON, REPORT_EVERY, REPORTS

CUTS = tuple(REPORT_EVERY * number for number in (*range(1, REPORTS), 3.3, 9.37))


def cut(level: Level) -> Level:
    """The same capacity in more pieces."""
    times = tuple(sorted({*level.times, *CUTS}))
    begun = [max(i for i, start in enumerate(level.times) if start <= time) for time in times]
    slopes = tuple(level.slopes[i] for i in begun)
    return Level(times, tuple(level.at(time) for time in times), slopes, level.horizon)


@pytest.mark.parametrize("name", CASES)
def test_more_pieces_give_the_same_users_and_hours(name: str) -> None:
    case = CASES[name]
    scenario = written(case.text(joins=True)).scenario()
    whole = case.timeline()
    parts = timeline(HORIZON, {capability: cut(level) for capability, level in whole.levels.items()})
    one, many = lived(scenario, whole), lived(scenario, parts)
    for state in STATES:
        np.testing.assert_allclose(one.states[state], many.states[state], rtol=0, atol=1e-9 * one.start.sum())
    np.testing.assert_allclose(one.served_hours, many.served_hours, rtol=1e-9)
    np.testing.assert_allclose(one.joined, many.joined, rtol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_hours_served_are_the_integral_of_active_users_and_capacity(name: str) -> None:
    """Simpson's rule over 3 h between the changes; its own error is below 1e-8."""
    from scipy.integrate import simpson

    case = CASES[name]
    fixed = case.timeline()
    capacity = fixed.levels["use"]
    history = lived(written(case.text(joins=True), ["clock.report_every=3 h"]).scenario(), fixed)
    surges = [at * DAY for _, at, _, _ in case.surges]
    edges = sorted({0.0, HORIZON, *capacity.times, *fixed.levels["install"].times, *surges})
    total = np.zeros(len(history.segments))
    for start, end in itertools.pairwise(edges):
        if capacity.at(0.5 * (start + end)) > 0:
            inside = (history.times >= start) & (history.times <= end)
            times = history.times[inside]
            active, waiting = (history.states[state][0][:, inside] for state in ("active", "waiting"))
            # At the end of a stretch, who waits has been active until that very instant.
            active = active + np.where(times == end, waiting, 0.0)
            served = np.array([capacity.at(t) for t in times[:-1]] + [capacity.at(end - 1e-9)])
            total += simpson(active * served, x=times, axis=1)
    np.testing.assert_allclose(history.served_hours[0], total, rtol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_a_look_at_any_hour_is_what_a_report_at_that_hour_says(name: str) -> None:
    case = CASES[name]
    text = case.text(joins=True)
    seldom = lived(written(text).scenario(), case.timeline())
    often = lived(written(text, ["clock.report_every=13 h"]).scenario(), case.timeline())
    hours = np.broadcast_to(often.times, (seldom.start.shape[0], often.times.size))
    active = often.states["active"].sum(axis=1)
    given_up = (often.states["away"] + often.states["gone"]).sum(axis=1)
    np.testing.assert_allclose(seldom.active_at(hours), active, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(seldom.given_up_at(hours), given_up, rtol=1e-9, atol=1e-6)
