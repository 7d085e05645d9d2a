"""What a scenario means for the supply side, compiled once a block.

In: a scenario. Out: plain records with numbers in place of names, so that a replication only follows
indices. Random quantities are columns of tables, which each block fills with draws of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.supply.logic import Logic
from sim.supply.quantities import Column


@dataclass(frozen=True, slots=True)
class Job:
    """What a piece of work, a wait or an absence is in every replication.

    ``order`` is its place in the file; it settles ties. ``cause`` and ``booked`` are the cause and kind under
    which its hours on the critical path are booked.
    """

    kind: str
    role: str
    name: str
    label: str
    order: int
    cause: str
    booked: str


@dataclass(frozen=True, slots=True)
class View:
    """A role as some capabilities see it.

    It is back when the items in ``needs`` are done (see `ResponsePlan`). ``used`` says whether any capability
    sees it.
    """

    number: int
    needs: tuple[int, ...]
    used: bool


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """One task of a response.

    ``needs`` are items of its own response, ``foreign`` items of other roles'. ``engineers`` is 0 where there
    is no pool to take them from.
    """

    work: Job
    wait: Job
    entity: str
    engineers: int
    needs: tuple[int, ...]
    foreign: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """One search: who is asked, in order.

    ``nobody`` is the work that nobody can do any more once all have refused. From ``answers`` on the
    response's table has whether each candidate accepts, then after how many hours each answers.
    """

    work: Job
    nobody: Job
    entities: tuple[str, ...]
    at_once: int
    answers: int


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """What is done to fill one role.

    Items are what a task or a view can wait for: task i is item i, then `found` (a candidate accepts) and
    `outage` (the role falls). Consumers are who waits: task i is consumer i, then the views; ``dependents``
    lists for each item who waits for it, ``missing`` how many items each consumer waits for, ``free`` who
    waits for none; ``heard`` are the items that tasks of other roles wait for.

    ``columns`` are its random quantities: hours of each task, at ``costs`` the cost of each, then at
    ``times`` the hours of detection, of caches, the first share of the ramp and its hours, then the
    candidates' answers.
    """

    role: str
    tasks: tuple[TaskPlan, ...]
    views: tuple[View, ...]
    search: SearchPlan | None
    dependents: tuple[tuple[int, ...], ...]
    missing: tuple[int, ...]
    free: tuple[int, ...]
    heard: frozenset[int]
    found: int
    outage: int
    columns: tuple[Column, ...]
    costs: int
    times: int
    detecting: Job
    cutting_over: tuple[Job, ...]
    slow: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class RolePlan:
    """One supplier that may fall. ``used`` are the views of it that capabilities have."""

    name: str
    absence: Job
    holds_data: bool
    used: tuple[int, ...]
    response: ResponsePlan | None


@dataclass(frozen=True, slots=True)
class EventPlan:
    """One set event. Its instant, notice and length are three neighbouring columns of the timetable."""

    id: str
    verb: str
    role: str


@dataclass(frozen=True, slots=True)
class Timetable:
    """Everything that is set before a replication starts.

    ``columns`` are three for each event, and the time between backups last (0: there are none).
    """

    horizon: float
    engineers: int | None
    events: tuple[EventPlan, ...]
    columns: tuple[Column, ...]
    roles: Mapping[str, RolePlan]
    logic: Logic
