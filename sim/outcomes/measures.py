"""What is measured: one frozen record a measure, in the order tables show them.

In: nothing, or a scenario for the measures that exist once a capability or a rival, or only where there is a
queue at the door. Out: `MEASURES` and `measures_of`.
Name, unit, meaning, and which way is bad stand here and nowhere else: the tables, the report and the
documents read them from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

Kind = Literal["time", "count", "share", "money", "flag", "text"]
Bad = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of the outcomes.

    Attributes
    ----------
    name, unit, meaning
        "h" for hours; "users" and "currency" stand for the scenario's own words, which `measures_of` puts in.
    bad
        Which tail is the worse one.
    kind
        What sort of number: a length of time, a count, a share in [0, 1], money, a truth value, a word.
    censored_by
        The flag that is false where the horizon cut the value; None where nothing can be cut.
    open_ended
        Whether a value that was cut counts as longer than anything seen, so a quantile may lie beyond the
        horizon. False where the measure is itself defined within the horizon (downtime).
    """

    name: str
    unit: str
    meaning: str
    bad: Bad = "high"
    kind: Kind = "count"
    censored_by: str | None = None
    open_ended: bool = False


def _time(name: str, meaning: str, censored_by: str | None = None, *, open_ended: bool = True) -> Measure:
    return Measure(name, "h", meaning, "high", "time", censored_by, open_ended and censored_by is not None)


def _flag(name: str, meaning: str) -> Measure:
    return Measure(name, "share of runs", meaning, "low", "flag")


def _users(name: str, meaning: str, bad: Bad = "high") -> Measure:
    return Measure(name, "users", meaning, bad)


def _money(name: str, meaning: str) -> Measure:
    return Measure(name, "currency", meaning, "high", "money")


_ALL = (
    _time(
        "downtime",
        "hours the headline capability could not be used, within the horizon",
        "up_at_end",
        open_ended=False,
    ),
    _flag("up_at_end", "the headline capability can be used when the simulation ends"),
    _time(
        "first_service",
        "from the first total loss of the headline capability until anything is back",
        "served_again",
    ),
    _flag("served_again", "anything was back after the first total loss, within the horizon; no loss: true"),
    _time(
        "time_to_recover",
        "from the first loss of the headline capability until it is recovered and stays so",
        "recovered",
    ),
    _flag("recovered", "the headline capability recovered and stayed so within the horizon; no loss: true"),
    _time(
        "time_to_recover_users",
        "from the first loss until active users have reached 95 % of the counterfactual and stay there",
        "recovered_users",
    ),
    _flag(
        "recovered_users", "active users were back at 95 % of the counterfactual when the simulation ended"
    ),
    Measure("availability", "share", "1 - downtime / horizon of the headline capability", "low", "share"),
    Measure("user_hours_lost", "user-hours", "integral of (counterfactual - served users)"),
    _users("users_start", "active users at the start", "low"),
    _users("users_end", "active users at the horizon", "low"),
    _users("users_end_counterfactual", "active users at the horizon, had these events not happened", "low"),
    _users("users_lost", "would be active at the horizon without the events and are not"),
    _users("users_not_joined", "would have joined by the horizon and could not"),
    _users("users_waiting_end", "still wait at the horizon, net of the counterfactual"),
    _users(
        "users_not_returned",
        "left because of the events and did not come back: away or gone, net of the counterfactual",
    ),
    _users(
        "users_given_up_peak", "the largest number that had given up: away or gone beyond the counterfactual"
    ),
    _time(
        "resilience_loss",
        "user-hours lost / user-hours of the counterfactual x horizon: area above the curve",
    ),
    Measure("data_lost", "share of runs that lose data", "none, part or all of the data", "high", "text"),
    _time("data_loss_window", "hours of data lost with the supplier that held them"),
    Measure("hosts_contacted", "candidates", "candidates asked to replace a supplier"),
    Measure("hosts_refused", "candidates", "candidates that said no"),
    Measure("hosts_withdrew", "candidates", "candidates that said yes and withdrew"),
    _money("cost_standing", "what all suppliers cost, month by month, over the horizon"),
    _money(
        "cost_standing_counterfactual",
        "what all suppliers would have cost over the horizon, had these events not happened",
    ),
    _money("cost_emergency", "what the response cost"),
    _money("revenue_lost", "revenue of the user-hours lost"),
    _money("cost", "standing + emergency cost + revenue lost"),
)

_DOOR = (
    _users("users_at_door_peak", "the largest number that stood at the door at once, let in one by one"),
    Measure("door_hours", "user-hours", "time spent at the door by all who stood there"),
)


def _in_order(more: Iterable[Measure]) -> dict[str, Measure]:
    """All measures by name; those that only some scenarios have follow the other ones about users."""
    last = next(place for place, one in enumerate(_ALL, 1) if one.name == "users_given_up_peak")
    return {one.name: one for one in (*_ALL[:last], *more, *_ALL[last:])}


MEASURES: Mapping[str, Measure] = _in_order(_DOOR)
"""Every measure that has one value a replication, by name, in the order of tables."""

_EACH = (
    _time("downtime.{}", "hours {} could not be used, within the horizon", "up_at_end.{}", open_ended=False),
    _flag("up_at_end.{}", "{} can be used when the simulation ends"),
    _time(
        "time_to_recover.{}", "from the first loss of {} until it is recovered and stays so", "recovered.{}"
    ),
    _flag("recovered.{}", "{} recovered and stayed so within the horizon; no loss: true"),
)


_OF_RIVAL = (
    _users(
        "left_for.{}",
        "departures for {} by the horizon, net of the counterfactual; who leaves twice counts twice",
    ),
    _users("users_at.{}", "away at {} at the horizon, net of the counterfactual"),
)

PER_RIVAL = tuple(one.name.removesuffix(".{}") for one in _OF_RIVAL)
"""Measures that exist as ``<measure>.<rival>``."""


def rival_of(measure: str) -> str | None:
    """The rival a measure is about; None if it is about none."""
    head, _, rival = measure.partition(".")
    return rival if rival and head in PER_RIVAL else None


def measures_of(scenario: Scenario) -> dict[str, Measure]:
    """All measures of a scenario, those of its capabilities last, in its own currency and word for users.

    Those of the door exist where there is one, those of a rival for each.
    """
    words = {"users": scenario.users.unit, "currency": scenario.currency}
    some = [*(_DOOR if scenario.users.reopening is not None else ())]
    some += [
        replace(one, name=one.name.format(rival), meaning=one.meaning.format(rival))
        for rival in scenario.users.rivals
        for one in _OF_RIVAL
    ]
    found = {name: replace(one, unit=words.get(one.unit, one.unit)) for name, one in _in_order(some).items()}
    for capability in scenario.capabilities:
        for one in _EACH:
            name = one.name.format(capability)
            flag = one.censored_by.format(capability) if one.censored_by else None
            found[name] = replace(one, name=name, meaning=one.meaning.format(capability), censored_by=flag)
    return found
