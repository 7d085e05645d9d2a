"""What a scenario means for the supply side, compiled once a block.

In: a scenario. Out: plain records with numbers in place of names, so that a replication only follows
indices. Random quantities are columns of tables, which each block fills with draws of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.scenario.gates import Gate
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


NO_JOB = Job("", "", "", "", 0, "", "")
"""Nothing to do."""


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

    ``needs`` are items of its own response, ``foreign`` items of other roles', ``exports`` the role whose
    data it copies out, if any. ``engineers`` is 0 where there is no pool to take them from.
    """

    work: Job
    wait: Job
    entity: str
    engineers: int
    needs: tuple[int, ...]
    foreign: tuple[tuple[str, int], ...]
    exports: str = ""


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """One search: who is asked, in order.

    ``nobody`` is the work that nobody can do any more once all have refused, ``lead`` the wait between a yes
    and the beginning of work. ``tiers`` say where each group of candidates ends in the order and how many of
    it are asked at once; there are none if all are one list. ``skips`` are the tasks each one spares.

    Where in the response's table the columns begin, one a candidate: ``answers`` (whether each accepts, then
    after how many hours each answers), ``leads``, ``capacities``, ``withdraws`` and ``drops`` (hours until
    then); ``publicity`` is a single column. -1: there are none. ``special`` says whether a yes is more than
    the end of the search.
    """

    work: Job
    nobody: Job
    lead: Job
    entities: tuple[str, ...]
    names: tuple[str, ...]
    at_once: int
    batches: bool
    tiers: tuple[tuple[int, int], ...]
    skips: tuple[tuple[int, ...], ...]
    special: bool
    answers: int
    publicity: int
    leads: int
    capacities: int
    withdraws: int
    drops: int


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """What is done to fill one role.

    Items are what a task or a view can wait for: task i is item i, then `found` (a candidate accepts) and
    `outage` (the role falls). Consumers are who waits: task i is consumer i, then the views; ``dependents``
    lists for each item who waits for it, ``missing`` how many items each consumer waits for, ``free`` who
    waits for none; ``heard`` are the items that tasks of other roles wait for.

    ``columns`` are its random quantities: hours of each task, at ``costs`` the cost of each, then at
    ``times`` the hours of detection, of caches, the first share of the ramp and its hours, at ``reworks``
    whether each task has to be done again (-1: none ever has), then the candidates' answers. ``relapse`` is
    the absence of a role whose new supplier withdraws.
    """

    role: str
    tasks: tuple[TaskPlan, ...]
    views: tuple[View, ...]
    search: SearchPlan | None
    special: bool
    dependents: tuple[tuple[int, ...], ...]
    missing: tuple[int, ...]
    free: tuple[int, ...]
    heard: frozenset[int]
    found: int
    outage: int
    columns: tuple[Column, ...]
    costs: int
    times: int
    reworks: int
    detecting: Job
    cutting_over: tuple[Job, ...]
    relapse: Job
    slow: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class LeavingPlan:
    """How one supplier may leave of itself.

    ``event`` is its leaving as if it were set; its id is the name of its table, which has a row a time.
    A row begins with the threshold of the integrated hazard, hazard, contagion and the hours in which that
    fades; the others say in which column the rest is.
    """

    event: EventPlan
    since: int = 4
    notice: int = 5
    again: int = 6


@dataclass(frozen=True, slots=True)
class NaturePlan:
    """What befalls one supplier without being set.

    ``fails`` is the table of hours to its next failure and of hours that this lasts, a row a failure; "" if
    it never fails by itself. ``needs`` is what it stands on, ``later`` what whoever fills the role anew
    stands on, ``below`` are the roles that stand on it.
    """

    fails: str = ""
    needs: Gate | None = None
    below: tuple[str, ...] = ()
    leaves: LeavingPlan | None = None
    later: Gate | None = None


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """Failures that take all members of a group down together.

    ``fails`` is their table, as a supplier's. ``whoever`` says whether they also hit who came later; if not,
    a role that has been filled anew is in the group no more.
    """

    name: str
    fails: str
    members: tuple[str, ...]
    whoever: bool


@dataclass(frozen=True, slots=True)
class AppealPlan:
    """Asking one supplier to come back.

    ``needs`` are items of responses that have to be done first, ``outage`` says whether the loss has to have
    come; ``table`` has the hours of a review, whether it is granted, and the hours until the next.
    """

    work: Job
    needs: tuple[tuple[str, int], ...]
    outage: bool
    at_most: int
    table: str


@dataclass(frozen=True, slots=True)
class RolePlan:
    """One supplier that may fall. ``used`` are the views of it that capabilities have.

    ``degrades`` says whether an event degrades it.
    """

    name: str
    absence: Job
    holds_data: bool
    used: tuple[int, ...]
    response: ResponsePlan | None
    nature: NaturePlan | None = None
    appeal: AppealPlan | None = None
    giving_up: Job = NO_JOB
    degrades: bool = False


@dataclass(frozen=True, slots=True)
class EventPlan:
    """One set event, for one role: one of a group has a plan for each member.

    Its instant, notice and length are three neighbouring columns of the timetable. In column ``extra`` is
    the share that a degradation leaves, or the hours of grace in which data can still be copied out; 0 if
    there is none.
    """

    id: str
    verb: str
    role: str
    extra: int = 0


@dataclass(frozen=True, slots=True)
class OperatorPlan:
    """How the operator acts, whatever is lost.

    ``waits`` says whether it waits for a loss that is announced. ``exports`` are the tasks that copy a
    role's data out, by that role, ``kept_at`` the role of who keeps the backups. ``runway`` is the table of
    the hours after which it gives up if ``headline`` is down so long; "" if it never does.
    """

    waits: bool = False
    exports: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    kept_at: str = ""
    headline: str = ""
    runway: str = ""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Everything that is set before a replication starts.

    ``columns`` are three for each event, then what some events have beyond that, and the time between backups
    last (0: there are none). ``lively`` are the roles that something befalls by itself, ``groups`` what
    befalls several at once, ``chances`` the tables of it.
    """

    horizon: float
    engineers: int | None
    events: tuple[EventPlan, ...]
    columns: tuple[Column, ...]
    roles: Mapping[str, RolePlan]
    logic: Logic
    lively: tuple[str, ...] = ()
    groups: tuple[GroupPlan, ...] = ()
    operator: OperatorPlan = field(default_factory=OperatorPlan)
    chances: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
