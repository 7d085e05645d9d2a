"""From what happened, and what would have, to one row of measures a replication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ModelInvariantError
from sim.outcomes import check
from sim.outcomes.attribution import Attribution
from sim.outcomes.measures import measures_of
from sim.outcomes.money import costs
from sim.outcomes.pieces import Pieces
from sim.outcomes.service import Service, service
from sim.outcomes.users import at_the_door, users_at_rivals, users_lost, users_recovered

if TYPE_CHECKING:
    from sim.demand import History
    from sim.scenario import Inputs, Scenario
    from sim.supply.timeline import Timeline

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The measures of a block.

    Attributes
    ----------
    columns
        One array of shape (rows,) a measure, in the order of `measures_of`: floats, truth values, or words.
    segments
        `users_lost` and `user_hours_lost`, each of shape (rows, segments).
    segment_names
        In file order.
    attribution
        Where the downtime came from.
    violations
        For a row that breaks a law of the model, which one.
    """

    columns: Mapping[str, NDArray[Any]]
    segments: Mapping[str, Array]
    segment_names: tuple[str, ...]
    attribution: Attribution
    violations: Mapping[int, str]


def measure(
    scenario: Scenario,
    happened: Sequence[Timeline],
    history: History,
    spared: Sequence[Timeline],
    spared_history: History,
    inputs: Inputs | None = None,
) -> Outcome:
    """Every measure of every replication; see `assess`.

    Raises
    ------
    ModelInvariantError
        A conservation law does not hold in some replication.
    """
    outcome = assess(scenario, happened, history, spared, spared_history, inputs)
    if outcome.violations:
        row, law = next(iter(outcome.violations.items()))
        message = f"{law}: row {row} and {len(outcome.violations) - 1} more of {len(history.joined)}"
        raise ModelInvariantError(message)
    return outcome


def assess(
    scenario: Scenario,
    happened: Sequence[Timeline],
    history: History,
    spared: Sequence[Timeline],
    spared_history: History,
    inputs: Inputs | None = None,
) -> Outcome:
    """Every measure of every replication, and which replications break a law of the model.

    Parameters
    ----------
    happened, spared
        One timeline a row, as it happened and in the counterfactual.
    history, spared_history
        What the users did in the two.
    inputs
        Where amounts that nobody knows are looked up; None takes the scenario's own.
    """
    happened = happened[: len(history.joined)]
    pieces = {name: _pieces(name, happened) for name in scenario.capabilities}
    services = {name: _service(scenario, name, one, spared) for name, one in pieces.items()}
    columns, segments = _columns(scenario, happened, spared, history, spared_history, services, inputs)
    attribution = Attribution.of(happened)
    found = check.Violations()
    for one, world in ((history, "as it happened"), (spared_history, "counterfactual")):
        check.conserved(found, one, world)
        check.in_one_place(found, one, world)
    check.adds_up(found, pieces, attribution, happened)
    everyone = (spared_history.start + spared_history.joined + history.start + history.joined).sum(axis=1)
    check.loss_adds_up(found, columns, everyone)
    ordered = {name: columns[name] for name in measures_of(scenario)}
    return Outcome(ordered, segments, history.segments, attribution, found.by_row)


def _pieces(name: str, timelines: Sequence[Timeline]) -> Pieces:
    return Pieces.of([one.levels[name] for one in timelines], timelines[0].horizon)


def _service(scenario: Scenario, name: str, pieces: Pieces, spared: Sequence[Timeline]) -> Service:
    capability = scenario.capabilities[name]
    normal = np.array([one.levels[name].values[0] for one in spared[: pieces.rows]])
    return service(pieces, capability.recovered_at, capability.stable_for, normal)


def _columns(
    scenario: Scenario,
    happened: Sequence[Timeline],
    spared_timelines: Sequence[Timeline],
    history: History,
    spared: History,
    services: Mapping[str, Service],
    inputs: Inputs | None,
) -> tuple[dict[str, NDArray[Any]], Mapping[str, Array]]:
    headline = services[scenario.headline]
    horizon = scenario.clock.horizon
    lost_at = np.min([one.lost_at for one in services.values()], axis=0)
    lost_at = np.where(np.isfinite(headline.lost_at), headline.lost_at, lost_at)
    loss = users_lost(history, spared)
    back, recovered = users_recovered(history, spared, lost_at, horizon)
    would_serve = spared.served_hours.sum(axis=1)
    hours = loss.columns["user_hours_lost"]
    columns: dict[str, NDArray[Any]] = {
        **_of_headline(headline, horizon),
        "time_to_recover_users": back,
        "recovered_users": recovered,
        **loss.columns,
        **users_at_rivals(scenario.users.rivals, history, spared),
        **(at_the_door(history) if scenario.users.reopening is not None else {}),
        "resilience_loss": np.where(
            would_serve > 0.0, hours / np.where(would_serve > 0.0, would_serve, 1.0), 0.0
        )
        * horizon,
        **_of_response(happened),
        **costs(scenario, happened, spared_timelines, hours, inputs),
    }
    for name, one in services.items():
        columns |= {
            f"downtime.{name}": one.downtime,
            f"up_at_end.{name}": one.up_at_end,
            f"time_to_recover.{name}": one.time_to_recover,
            f"recovered.{name}": one.recovered,
        }
    return columns, loss.segments


def _of_headline(headline: Service, horizon: float) -> dict[str, NDArray[Any]]:
    return {
        "downtime": headline.downtime,
        "up_at_end": headline.up_at_end,
        "first_service": headline.first_service,
        "served_again": headline.served_again,
        "time_to_recover": headline.time_to_recover,
        "recovered": headline.recovered,
        "availability": 1.0 - headline.downtime / horizon,
    }


def _of_response(happened: Sequence[Timeline]) -> dict[str, NDArray[Any]]:
    words = np.empty(len(happened), dtype=object)
    words[:] = [one.data_lost for one in happened]
    return {
        "data_lost": words,
        "data_loss_window": np.array([one.data_loss_window for one in happened], dtype=float),
        "hosts_contacted": np.array([one.contacted for one in happened], dtype=np.int64),
        "hosts_refused": np.array([one.refused for one in happened], dtype=np.int64),
        "hosts_withdrew": np.array([one.withdrew for one in happened], dtype=np.int64),
    }
