"""The operator's response: who searches for a replacement, what work follows, with how many hands."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from sim.scenario.fields import (
    AtLeastOne,
    BandwidthLaw,
    DurationLaw,
    Hazard,
    Identifier,
    Money,
    PositiveDurationLaw,
    PositiveNumberLaw,
    PositiveShare,
    PositiveShareLaw,
    Record,
    Share,
    ShareLaw,
    VolumeLaw,
    default,
    required,
)
from sim.scenario.laws import Law
from sim.scenario.platform import Items
from sim.scenario.units import Wrong

INHERITED = ("acceptance", "reply", "withdraws", "drops")
"""What a candidate leaves out is that of its search."""


class Candidate(Record):
    """One supplier that may be asked; what it leaves out is that of the search."""

    name: str | None = default(
        None, "who it is; names the draws, so give it to keep them when the list changes"
    )
    acceptance: ShareLaw = default(
        None, "the probability that it says yes; left out, that of the search", example="10 %"
    )
    reply: DurationLaw = default(
        None, "how long its answer takes; left out, that of the search", example={"mean": "2 d"}
    )
    lead: DurationLaw = default(
        Law.constant(0.0), "from its yes until work with it can begin", assumption="at once",
        example={"low": "1 d", "likely": "3 d", "high": "14 d"}, off=True
    )  # fmt: skip
    capacity: PositiveShare = default(
        1.0, "the share of the load it can carry", assumption="all of it", off=True
    )
    withdraws: Hazard = default(
        None, "hazard of its going back on its yes until it serves; left out, that of the search", off=True
    )
    drops: Hazard = default(
        None, "hazard of its leaving once it serves; left out, that of the search", off=True
    )
    skips: tuple[str, ...] | Literal["everything"] = default(
        (), "tasks that need not be done with it, or `everything`", example=["set_up", "restore"]
    )
    retainer: Money = default(
        0.0,
        "what it costs a month from the start to be kept ready",
        assumption="nothing is kept ready",
        off=True,
    )
    retainer_share: Share = default(
        0.0,
        "the same, as a share of the `monthly_cost` of the role",
        assumption="nothing is kept ready",
        off=True,
    )
    monthly_cost: Money | None = default(
        None, "what it costs a month once it plays the role; left out, what the role costs"
    )


def _number_or_list(value: Any) -> str:
    return "<list>" if isinstance(value, tuple | list) else "<number>"


Candidates = Annotated[
    Annotated[int, Field(ge=0, le=10_000), Tag("<number>")] | Annotated[tuple[Candidate, ...], Tag("<list>")],
    Discriminator(_number_or_list),
]


class Search(Record):
    """Asking candidates, in order, until one says yes."""

    candidates: Candidates = required(
        "how many can be asked, or a list of them in the order of asking", example=8
    )
    acceptance: ShareLaw = default(
        Law.of("beta", mean=0.2, correlation=0.09),
        "the probability that a candidate says yes; with a correlation the candidates share a mood",
        assumption="judgement: niche hosts accept in 2 to 4 of 10 cases, and refusals come together",
        example={"mean": "20 %", "correlation": 0.09},
    )
    reply: DurationLaw = default(
        Law.of("exponential", mean=36.0),
        "how long an answer takes",
        assumption="judgement: a day and a half on average",
        example={"mean": "36 h"},
    )
    at_once: AtLeastOne = default(1, "how many are asked at any time", assumption="one after the other")
    batches: bool = default(False, "whether the next are asked only when all who were asked have answered")
    standby: tuple[Candidate, ...] = default(
        (),
        "who is asked before all others, because a contract is in place",
        example=[{"name": "second_host"}],
    )
    fallback: tuple[Candidate, ...] = default(
        (), "who is asked after all others, such as machines of one's own", example=[{"name": "own_machines"}]
    )
    publicity: Share = default(
        0.0, "by how much acceptance falls with each supplier that has left",
        assumption="hosts do not follow others", example="10 %", off=True
    )  # fmt: skip
    withdraws: Hazard = default(
        0.0, "hazard of going back on a yes until the replacement serves", assumption="a yes is kept",
        example="3 % per day", off=True
    )  # fmt: skip
    drops: Hazard = default(
        0.0, "hazard of a replacement's leaving once it serves", assumption="a replacement stays",
        example="0.1 % per day", off=True
    )  # fmt: skip

    @model_validator(mode="after")
    def _inherit(self) -> Search:
        listed = self.candidates if isinstance(self.candidates, tuple) else ()
        for candidate in (*self.standby, *listed, *self.fallback):
            for name in INHERITED:
                if name not in candidate.model_fields_set:
                    candidate.__dict__[name] = getattr(self, name)
        return self


class Service(Record):
    """A service that only the old supplier has, and that the work has to replace."""

    label: str | None = default(None, "its name for people", words=True)
    takes: DurationLaw = required("how long replacing it takes", example={"median": "3 d", "p90": "10 d"})


class Task(Record):
    """A piece of work."""

    label: str | None = default(None, "its name for people", words=True)
    after: tuple[str, ...] = default(
        (),
        "tasks of this role, `<role>.<task>`, or the milestones notice, outage, <role>_found",
        example=["host_found"],
    )
    takes: DurationLaw | None = default(
        None, "how long it takes", example={"low": "1 d", "likely": "2 d", "high": "7 d"}
    )
    lock_in: dict[Identifier, Service] = default(
        {}, "services of the old supplier that have to be replaced one by one; their times add to `takes`",
        example={"queue": {"takes": "3 d"}},
    )  # fmt: skip
    data: VolumeLaw | None = default(
        None,
        "how much data it moves; `bandwidth` then says how long that takes, so leave `takes` out",
        example="50 TB",
    )
    bandwidth: BandwidthLaw | None = default(None, "how fast data moves", example="1 Gbit/s")
    utilisation: PositiveShareLaw = default(
        Law.constant(0.7),
        "the share of the bandwidth that is reached",
        assumption="judgement: 50 to 80 % is usual",
    )
    engineers: Annotated[int, Field(ge=0, le=1_000_000)] = default(
        1, "how many engineers it binds; 0 for what others do (a store's review, a lawyer's work)",
        assumption="one is enough",
    )  # fmt: skip
    cost: Money = default(
        0.0, "what it costs beyond the standing costs", assumption="costs are left out unless given"
    )
    cost_per_tb: Money = default(
        0.0,
        "what moving a terabyte of `data` costs (egress)",
        assumption="costs are left out unless given",
        off=True,
    )
    always: bool = default(False, "whether it is done even with a candidate that skips everything")
    rework: ShareLaw = default(
        Law.constant(0.0), "the chance, each time it is done, that it has to be done again",
        assumption="what is done is right", example="30 %", off=True
    )  # fmt: skip
    exports: Identifier | None = default(
        None, "the role whose data it copies out: cut short when access to it ends, after its event's `grace`"
    )

    @model_validator(mode="after")
    def _takes_or_data(self) -> Task:
        findings: list[tuple[tuple[str | int, ...], str]] = []
        if self.takes is None and self.data is None:
            findings.append(((), "says neither `takes` (a duration) nor `data` and `bandwidth`"))
        if self.takes is not None and self.data is not None:
            findings.append((("data",), "`takes` and `data` exclude one another: keep one"))
        if self.lock_in and self.takes is None:
            findings.append((("lock_in",), "adds to `takes`, which is missing"))
        if self.data is not None and self.bandwidth is None:
            findings.append(((), "`data` needs `bandwidth`, for example `bandwidth: 1 Gbit/s`"))
        if self.data is None:
            findings += [
                ((name,), "is unused without `data`; add `data: 50 TB` or leave it out")
                for name in ("bandwidth", "utilisation")
                if name in self.model_fields_set
            ]
        if findings:
            raise Wrong(*findings)
        return self


class CutOver(Record):
    """Names are cached: capacity min(1, s / ttl), s after the change."""

    ttl: PositiveDurationLaw = required("how long caches keep the old address", example="1 h")


class RampUp(Record):
    """Capacity grows: min(1, first + (1 - first) s / takes)."""

    first: Share = default(0.0, "the capacity at once", assumption="from nothing")
    takes: PositiveDurationLaw = required("how long until everything is served", example="2 d")


class Replacement(Record):
    """What is done when a role is lost, or its loss announced."""

    search: Search | None = default(
        None, "the search for somebody to play the role; left out, somebody is at hand"
    )
    tasks: dict[Identifier, Task] = default(
        {}, "the work, in order of priority", example={"set_up": {"after": ["host_found"], "takes": "2 d"}}
    )
    needs: Items = default(
        (), "suppliers that whoever fills the role anew depends on; it is down while they are",
        example=["upstream"],
    )  # fmt: skip
    prepared: Share = default(
        0.0, "the part of every task's work that is done beforehand (a plan written down and rehearsed)",
        assumption="nothing is prepared", example="30 %", off=True
    )  # fmt: skip
    restores: dict[Identifier, tuple[str, ...]] = default(
        {},
        "after which tasks each capability sees the role again; left out: the last",
        example={"read": ["set_up"]},
    )
    cut_over: CutOver | None = default(None, "change of the address in the DNS; left out, at once")
    ramp_up: RampUp | None = default(None, "slow growth of capacity; left out, at once")
    if_supplier_returns: Literal["abandon", "continue"] = default(
        "abandon", "what becomes of the work if the supplier itself returns first"
    )


class Appeal(Record):
    """Asking the supplier itself to come back: an application and its review, perhaps again."""

    after: tuple[str, ...] = default(
        (), "what has to be done first: `<role>.<task>`, or notice, outage", example=["store.moderation"]
    )
    review: DurationLaw = required("how long a review takes", example={"median": "30 d", "p90": "200 d"})
    granted: ShareLaw = required("the chance that a review ends well", example="30 %")
    again_after: DurationLaw = default(
        Law.constant(0.0), "from a refusal to the next application", assumption="at once", example="14 d"
    )
    at_most: AtLeastOne = default(1, "how many applications there are", assumption="one")


class Response(Record):
    """The operator."""

    engineers: AtLeastOne | None = default(
        None, "how many engineers there are for all roles; left out, as many as needed",
        assumption="hands are not the bottleneck", example=4,
    )  # fmt: skip
    detection: DurationLaw = default(
        Law.constant(1.0), "from an unannounced loss until the operator starts",
        assumption="judgement: somebody is on call", example="30 min",
    )  # fmt: skip
    starts: Literal["notice", "outage"] = default(
        "notice", "whether work starts at a notice (a head start) or only when the supplier is gone"
    )
    runway: DurationLaw | None = default(
        None, "how long the headline may be down at a stretch until the operator gives up; left out, never",
        example="180 d",
    )  # fmt: skip
    optimism: PositiveNumberLaw | None = default(
        None, "how many times as long as planned engineers' work takes, one value a run; left out, once",
        example={"median": 2, "p90": 5},
    )  # fmt: skip
    replace: dict[Identifier, Replacement] = default(
        {}, "what is done for each role; a role left out waits to be reinstated", example={"host": {}}
    )
    appeal: dict[Identifier, Appeal] = default(
        {}, "suppliers that are asked to come back", example={"store": {}}
    )
