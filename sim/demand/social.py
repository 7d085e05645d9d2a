"""What users do because of others: of one segment, of rivals, and of the door.

In: a scenario and the block's inputs. Out: records with a value a replication, beside `Traits`, which say
what the users of a segment do each for themselves. What a scenario does not say is neutral here: a factor of
1, a hazard of 0, or None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Inputs, Scenario
from sim.scenario.happenings import Event
from sim.streams import BLOCK

Array = NDArray[np.float64]
Index = NDArray[np.int64]

ELSEWHERE = "elsewhere"
"""Where those are who have left for no rival."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """The service is promised to be back within `back_within` hours from `at` (hours) on.

    Until then the hazard of leaving is multiplied by `holds`, from then on by `missed`. Shape (rows,).
    """

    at: float
    back_within: Array
    holds: Array
    missed: Array


@dataclass(frozen=True, slots=True)
class Cliff:
    """From `at` (hours) on a share `affects` (rows,) of the apps is too old."""

    at: float
    affects: Array


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What those are like who have joined and not settled yet. Arrays of shape (rows,).

    Attributes
    ----------
    churn
        Hazard of leaving for good while present, beside the ordinary one, per hour.
    settles
        Hazard of settling, per hour.
    leaving
        Factor of every hazard of leaving while the service is down.
    at_start
        Share of those there at the start.
    """

    churn: Array
    settles: Array
    leaving: Array
    at_start: Array


@dataclass(frozen=True, slots=True)
class Moving:
    """A `share` (rows,) of those whose way in is closed goes `to` another segment."""

    to: str
    share: Array


@dataclass(frozen=True, slots=True)
class Social:
    """What one segment's users do because of others. Arrays of shape (rows,); rates per hour.

    Attributes
    ----------
    stigma_leaving, stigma_returning
        Factors of the hazards of leaving while the service is down, and of returning.
    again
        Factor of the hazard of leaving for every earlier outage that is not forgotten.
    drawn
        Factor of what rivals pull and of how readily they are tried.
    on_reopening, outage_fades
        Share of those away who come back at the very moment the service does, and the hours of outage at
        which it has fallen to 37 % (None: it does not fall).
    friends_waiting, friends_active
        Hazards of leaving while waiting, and while the service can be used, if all others were away.
    friends_returning
        By how much a return is less likely if all others are away.
    announcements, cliffs
        In order of time; what happens at one instant in the order of the file.
    """

    stigma_leaving: Array
    stigma_returning: Array
    again: Array
    drawn: Array
    on_reopening: Array
    outage_fades: Array | None
    friends_waiting: Array
    friends_active: Array
    friends_returning: Array
    unsettled: Unsettled | None
    moving: Moving | None
    announcements: tuple[Announcement, ...]
    cliffs: tuple[Cliff, ...]


@dataclass(frozen=True, slots=True)
class Rivals:
    """The rivals in file order. Arrays of shape (rivals, rows); rates per hour.

    Attributes
    ----------
    users
        How many each has at the start.
    pull
        Hazard with which one who waits leaves for it.
    tries
        Hazard with which one who waits begins to use it beside; 0 where `tried` is False.
    tried
        Whether only those who use it beside leave for it. Shape (rivals,).
    grows, at_most
        Exponent of its growth over ours, and the largest factor that may come of it.
    stickiness
        How much less those who left for it return.
    opens
        Hours from which on it is open; minus infinity where it always is. Shape (rivals,).
    """

    names: tuple[str, ...]
    users: Array
    pull: Array
    tries: Array
    tried: NDArray[np.bool_]
    grows: Array
    at_most: Array
    stickiness: Array
    opens: Array

    @property
    def places(self) -> tuple[str, ...]:
        """Where those who are away can be."""
        return (ELSEWHERE, *self.names)


@dataclass(frozen=True, slots=True)
class Door:
    """The queue at reopening. Arrays of shape (rows,).

    ``admits`` people an hour at full capacity, ``abandons`` per hour, and ``retries``: what one who stands
    there takes from the admissions in an hour.
    """

    admits: Array
    abandons: Array
    retries: Array


def social_of(scenario: Scenario, segment: str, inputs: Inputs) -> Social:
    """Read one segment with the block's unknowns."""
    path = f"users.segments.{segment}"
    record = scenario.users.segments[segment]

    def field(name: str) -> Array:
        return _rows(inputs.number(f"{path}.{name}"))

    def of_users(verb: str) -> list[Event]:
        found = [event for event in scenario.events if event.verb == verb and event.of in ("users", segment)]
        return sorted(found, key=lambda event: event.at)

    unsettled = None
    if record.newcomers is not None:
        unsettled = Unsettled(
            churn=field("newcomers.churn"),
            settles=1.0 / field("newcomers.settle_over"),
            leaving=field("newcomers.leaving"),
            at_start=field("newcomers.at_start"),
        )
    return Social(
        stigma_leaving=field("stigma.leaving"),
        stigma_returning=field("stigma.returning"),
        again=field("again"),
        drawn=field("drawn"),
        on_reopening=field("returns.on_reopening"),
        outage_fades=None if record.returns.outage_fades is None else field("returns.outage_fades"),
        friends_waiting=field("friends.waiting"),
        friends_active=field("friends.active"),
        friends_returning=field("friends.returning"),
        unsettled=unsettled,
        moving=None if record.moves is None else Moving(record.moves.to, field("moves.share")),
        announcements=tuple(
            Announcement(event.at, *(_of(inputs, event, name) for name in ("back_within", "holds", "missed")))
            for event in of_users("announce")
        ),
        cliffs=tuple(Cliff(event.at, _of(inputs, event, "affects")) for event in of_users("require")),
    )


def rivals_of(scenario: Scenario, inputs: Inputs) -> Rivals:
    """Read the rivals with the block's unknowns."""
    records = scenario.users.rivals
    names = tuple(records)

    def field(name: str) -> Array:
        values = [_rows(inputs.number(f"users.rivals.{rival}.{name}")) for rival in names]
        return np.stack(values) if values else np.zeros((0, BLOCK))

    tried = np.array([records[rival].tries is not None for rival in names], dtype=bool)
    tries = [
        _rows(inputs.number(f"users.rivals.{rival}.tries")) if asked else np.zeros(BLOCK)
        for rival, asked in zip(names, tried.tolist(), strict=True)
    ]
    openings = {
        rival: [event.at for event in scenario.events if event.verb == "open" and event.of == rival]
        for rival in names
    }
    return Rivals(
        names=names,
        users=field("users"),
        pull=field("pull"),
        tries=np.stack(tries) if tries else np.zeros((0, BLOCK)),
        tried=tried,
        grows=field("grows"),
        at_most=field("at_most"),
        stickiness=field("stickiness"),
        opens=np.array([min(openings[rival], default=-np.inf) for rival in names]),
    )


def door_of(scenario: Scenario, inputs: Inputs) -> Door | None:
    """Read the queue at reopening with the block's unknowns; None where everybody gets in at once."""
    if scenario.users.reopening is None:
        return None
    names = ("admits", "abandons", "retries")
    return Door(*(_rows(inputs.number(f"users.reopening.{name}")) for name in names))


def chosen(record: Any, index: Index) -> Any:
    """A record of this module for a selection of rows: the last axis of everything that has a value a row."""
    found: dict[str, Any] = {}
    for name in record.__slots__:
        value = getattr(record, name)
        if isinstance(value, np.ndarray) and value.shape and name not in ("tried", "opens"):
            found[name] = value[..., index]
        elif hasattr(value, "__slots__"):
            found[name] = chosen(value, index)
        elif isinstance(value, tuple) and value and hasattr(value[0], "__slots__"):
            found[name] = tuple(chosen(one, index) for one in value)
    return replace(record, **found)


def _of(inputs: Inputs, event: Event, name: str) -> Array:
    return _rows(inputs.number(f"events.{event.id}.{name}"))


def _rows(value: float | Array) -> Array:
    return np.broadcast_to(np.asarray(value, dtype=float), (BLOCK,)).copy()
