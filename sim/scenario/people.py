"""The users: how many, in which segments, how long they wait, whether they come back, who joins."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import Field, PlainValidator, model_validator

from sim.scenario.crowd import Friends, Moves, Network, Newcomers, Reopening, Rival, Stigma
from sim.scenario.fields import (
    Count,
    Duration,
    DurationLaw,
    Hazard,
    Identifier,
    JoinRate,
    Money,
    Number,
    PositiveDuration,
    Record,
    Share,
    default,
    read_identifier,
    required,
)
from sim.scenario.laws import Law
from sim.scenario.units import Wrong

JUDGEMENT = "judgement; respects what outages of 6 hours to 90 days are known to have cost"


def _join_by(value: object) -> str | None:
    """A capability, or `none`: joining needs nothing."""
    return None if value == "none" else read_identifier(value)


JoinBy = Annotated[str | None, PlainValidator(_join_by)]


def _weibull(days: float) -> Law:
    return Law.of("weibull", shape=0.8, scale=24.0 * days)


MOST_RETURNS = 500.0
"""Largest rate x fades_over. Beyond it nobody is away for long enough to fade, and the exact count of
impulses (see `sim.demand.impulses`) would need thousands of classes."""


class Returns(Record):
    """The hazard of coming back while the service is up: rate x exp(-time since leaving / fades_over)."""

    rate: Hazard = required("the hazard just after leaving", example="2 % per day")
    fades_over: PositiveDuration | None = default(
        None,
        "the time in which it falls to 37 %, counted from leaving; left out, it never falls",
        example="30 d",
    )
    on_reopening: Share = default(
        0.0, "the share of those away who come back at the very moment the service does", off=True,
        assumption="nobody watches for it", example="40 %",
    )  # fmt: skip
    outage_fades: PositiveDuration | None = default(
        None,
        "the length of outage at which that share falls to 37 %; left out, it does not fall",
        example="14 d",
    )


CASUAL_RETURNS: Final = Returns.model_construct({"rate", "fades_over"}, rate=0.6 / 30 / 24, fades_over=720.0)
CORE_RETURNS: Final = Returns.model_construct({"rate", "fades_over"}, rate=1.5 / 30 / 24, fades_over=720.0)


class Behaviour(Record):
    """What `users` and a segment may both say; a segment inherits what it leaves out."""

    join_by: JoinBy = default(None, "the capability that newcomers need; `none`: nothing", example="install")
    patience: DurationLaw = default(
        _weibull(45),
        "how long an outage may last before a waiting user leaves",
        assumption=f"{JUDGEMENT}: the impatient leave first",
        example={"law": "weibull", "shape": 0.8, "scale": "45 d"},
    )
    returns: Returns = default(CASUAL_RETURNS, "how those who left come back", assumption=JUDGEMENT)
    churn: Hazard = default(
        0.001 / 24, "the hazard of leaving for good that has nothing to do with outages",
        assumption="judgement; established users of social networks leave at 1 to 5 % a month",
    )  # fmt: skip
    gives_up: Hazard = default(
        0.0, "the hazard with which those away give up for good", assumption="they stay winnable"
    )
    uninstalls: Share = default(
        0.0,
        "the share of leavers who remove the app and need `join_by` to return",
        assumption="none unless given",
    )
    app_decay: Hazard = default(
        0.0, "the hazard with which apps stop working while `join_by` is down", assumption="none unless given"
    )
    visits: Hazard | None = default(
        None,
        "how often one comes by; patience then starts at the first failed visit; left out, with the outage",
        example="2 per day",
    )
    again: Number = default(
        1.0, "multiplies the hazard of leaving for every earlier outage that is not forgotten", off=True,
        assumption="a second outage counts like the first", example=1.5,
    )  # fmt: skip
    stigma: Stigma = default(Stigma(), "what is said of the network: leaving is likelier, returning less so")
    drawn: Number = default(
        1.0, "multiplies what rivals pull and how readily they are tried", off=True,
        assumption="as much as others", example=0.5,
    )  # fmt: skip
    friends: Friends = default(Friends(), "how the leaving of others acts on one")
    newcomers: Newcomers | None = default(
        None, "what those who join are like until they settle; left out, like all others"
    )
    moves: Moves | None = default(
        None, "where those go whose way in is closed; left out, they are away, or do not join"
    )


class Segment(Behaviour):
    """A part of the users who behave alike."""

    label: str | None = default(None, "its name for people", words=True)
    share: Share = required("its share of the users at the start", example="40 %")
    join_share: Share = default(None, "its share of those who join; left out, its share of the users")
    served_by: Identifier = default(
        "", "the capability they come for; left out, that of `users`", example="read"
    )

    def own(self, name: str) -> bool:
        """Whether the segment says this itself rather than inheriting it."""
        return name in self.model_fields_set


INHERITED: Final = ("served_by", *Behaviour.model_fields)


class Users(Behaviour):
    """Everybody who uses the platform."""

    start: Annotated[Count, Field(gt=0)] = required("how many there are at the start", example="2.3 million")
    unit: str = default(
        "active users", "what is counted, as printed everywhere", words=True, example="daily active users"
    )
    served_by: Identifier = required("the capability they come for", example="use")
    joins: JoinRate = default(
        None, "how many join in normal times; left out, as many as leave",
        assumption="as many join as leave, so that without events the number stays", example="20000 per day",
    )  # fmt: skip
    forgotten_after: Duration = default(
        168.0, "service of at least this length starts the clock of patience anew",
        assumption="judgement: after a week of service an outage is forgotten",
    )  # fmt: skip
    revenue: Money = default(
        0.0, "income per active user and month", assumption="income is left out unless given"
    )
    rivals: dict[Identifier, Rival] = default(
        {}, "other networks that users may turn to", example={"elsewhere": {"pull": "0.5 % per day"}}
    )
    reopening: Reopening | None = default(
        None, "the queue at the door when the service returns; left out, everybody gets in at once"
    )
    network: Network | None = default(
        None, "who is friends with whom, for users followed as individuals (`--users graph`); left out, a "
        "thousand people with ten friends each, at random",
    )  # fmt: skip
    segments: dict[Identifier, Segment] = default(
        None, "groups that behave alike; left out with patience and returns: core 40 %, casual 60 %",
        assumption=JUDGEMENT, example={"core": {"share": "40 %"}},
    )  # fmt: skip

    @model_validator(mode="after")
    def _complete(self) -> Users:
        """Fill in what depends on other fields: segments, what they inherit, and joins."""
        given = "segments" in self.model_fields_set
        segments = dict(self.segments) if given else _default_segments(self)
        if not segments:
            raise Wrong((("segments",), "is empty; leave it out or describe at least one segment"))
        for segment in segments.values():
            for name in INHERITED:
                if name not in segment.model_fields_set:
                    _fill(segment, name, getattr(self, name))
            if "join_share" not in segment.model_fields_set:
                _fill(segment, "join_share", segment.share)
        _fill(self, "segments", segments)
        if "joins" not in self.model_fields_set:
            _fill(self, "joins", self.start * sum(s.share * s.churn for s in segments.values()))
        findings = _sums(segments) if given else []
        if findings:
            raise Wrong(*findings)
        return self


def unheard(users: Users) -> set[str]:
    """What `users` says of behaviour and no segment inherits."""
    return {name for name in Behaviour.model_fields if all(s.own(name) for s in users.segments.values())}


def _fill(record: Record, name: str, value: Any) -> None:
    """Set a field that was left out, without marking it as given; the record is still being made."""
    record.__dict__[name] = value


def _default_segments(users: Users) -> dict[str, Segment]:
    """One segment where behaviour is given, otherwise the core and the casual."""
    if {"patience", "returns"} & users.model_fields_set:
        return {"everyone": Segment.model_construct({"share"}, share=1.0, join_share=None)}
    own = {"share", "patience", "returns"}
    return {
        "core": Segment.model_construct(
            own, share=0.4, patience=_weibull(200), returns=CORE_RETURNS, join_share=None
        ),
        "casual": Segment.model_construct(
            own, share=0.6, patience=_weibull(45), returns=CASUAL_RETURNS, join_share=None
        ),
    }


def _sums(segments: dict[str, Segment]) -> list[tuple[tuple[str | int, ...], str]]:
    findings: list[tuple[tuple[str | int, ...], str]] = []
    for name, word in (("share", "shares"), ("join_share", "join shares")):
        total = sum(getattr(segment, name) for segment in segments.values())
        if abs(total - 1.0) > 1e-9:
            parts = " + ".join(f"{100 * getattr(segment, name):.6g} %" for segment in segments.values())
            findings.append(
                (("segments",), f"the {word} add up to {100 * total:.6g} % ({parts}); they must make 100 %")
            )
    return findings[:1] if len({message.split("(")[1] for _, message in findings}) == 1 else findings
