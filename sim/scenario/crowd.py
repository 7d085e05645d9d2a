"""What users do because of others: rivals, friends, stigma, newcomers, the queue at the door, the network.

Every field is off unless given: a scenario that names none of them has users who decide each for themselves.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, ValidationInfo, model_validator

from sim.errors import ScenarioError
from sim.scenario.fields import (
    Count,
    Duration,
    Hazard,
    Identifier,
    JoinRate,
    Number,
    PositiveDuration,
    PositiveNumber,
    Record,
    Share,
    ShareLaw,
    default,
    required,
)
from sim.scenario.units import Wrong

NetworkKind = Literal["random", "regular", "preferential", "small_world", "communities", "edges"]
AtLeastTwo = Annotated[int, Field(ge=2, le=10_000_000)]
Few = Annotated[int, Field(ge=0, le=10_000)]

MOST_TIES = 200_000
"""Most ties that a scenario can list; larger networks are made by their law."""

_TIE = re.compile(r"(\d{1,9})-(\d{1,9})")


def _ties(value: object) -> tuple[tuple[int, int], ...]:
    """Pairs of whole numbers, written "0-1 1-2"."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, str):
        raise Wrong.here('must be text such as "0-1 1-2": two whole numbers a tie')
    words = value.split()
    if len(words) > MOST_TIES:
        raise Wrong.here(f"lists {len(words):,} ties; at most {MOST_TIES:,} can be listed")
    found: dict[tuple[int, int], None] = {}
    for word in words:
        match = _TIE.fullmatch(word)
        if match is None or match[1] == match[2]:
            raise Wrong.here(f"`{word[:40]}` is no tie; write two different whole numbers such as 0-1")
        one, other = sorted((int(match[1]), int(match[2])))
        if (one, other) in found:
            raise Wrong.here(f"`{word}` stands there twice; write every tie once")
        found[one, other] = None
    return tuple(found)


def write_ties(ties: tuple[tuple[int, int], ...]) -> str:
    """Ties as a file has them."""
    return " ".join(f"{one}-{other}" for one, other in ties)


Ties = Annotated[tuple[tuple[int, int], ...], PlainValidator(_ties)]


def _ties_beside(source: str, name: str) -> tuple[tuple[int, int], ...]:
    """The ties in a file beside the scenario, or in a folder below it; nowhere else."""
    from sim.scenario.ties_file import read_ties

    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise Wrong((("file",), f"`{name}` lies elsewhere; keep it beside the scenario and write its name"))
    if not Path(source).is_file():
        raise Wrong((("file",), "is sought beside the scenario file, and there is none; write out `ties`"))
    try:
        return read_ties(Path(source).parent / name).ties
    except ScenarioError as error:
        raise Wrong(*((("file",), str(problem)) for problem in error.problems)) from None


class Rival(Record):
    """Another network that users may turn to while this one is down."""

    label: str | None = default(None, "its name for people", words=True)
    users: Count = default(
        0.0, "how many it has at the start; matters where it attracts by its size", off=True,
        assumption="nobody yet", example="5 million",
    )  # fmt: skip
    pull: Hazard = required("the hazard with which one who waits leaves for it", example="0.5 % per day")
    tries: Hazard | None = default(
        None,
        "the hazard with which one who waits begins to use it beside this network; only those leave for it. "
        "Left out, it is left for without being tried",
        example="3 % per day",
    )
    grows: Number = default(
        0.0, "how its attraction grows with its size: the exponent of (its growth / ours)", off=True,
        assumption="its size attracts nobody", example=0.5,
    )  # fmt: skip
    at_most: PositiveNumber = default(
        10.0, "the largest factor by which its size multiplies its attraction", off=True,
        assumption="no more than ten times",
    )  # fmt: skip
    stickiness: Share = default(
        0.0, "how much less those who left for it return than others: their hazard is x (1 - stickiness)",
        off=True, assumption="it holds nobody", example="30 %",
    )  # fmt: skip


class Stigma(Record):
    """What is said of the network: it multiplies the hazard of leaving and that of returning."""

    leaving: Number = default(
        1.0, "multiplies every hazard of leaving while the service is down", off=True,
        assumption="nobody minds", example=4,
    )  # fmt: skip
    returning: Share = default(
        1.0, "multiplies the hazard of returning", off=True, assumption="nobody minds", example="50 %"
    )


class Newcomers(Record):
    """What those who join are like until they have settled."""

    churn: Hazard = required(
        "the hazard of leaving for good until one has settled, beside the ordinary one",
        example="10 % per day",
    )
    settle_over: PositiveDuration = required(
        "the mean time in which one settles (exponential)", example="10 d"
    )
    leaving: Number = default(
        1.0, "multiplies their hazard of leaving while the service is down", off=True,
        assumption="as patient as the settled", example=3,
    )  # fmt: skip
    at_start: Share = default(
        0.0, "the share of those there at the start who have not settled yet", off=True,
        assumption="everybody has settled", example="40 %",
    )  # fmt: skip


class Moves(Record):
    """Where those go whose way in is closed: another segment, with another way in."""

    to: Identifier = required("the segment they join", example="web")
    share: Share = required(
        "how many of those who lose the app, or cannot install it to join, go there", example="30 %"
    )


class Friends(Record):
    """How the leaving of others acts on one: friends pull friends.

    ``waiting``, ``active`` and ``returning`` act through the share of people who are away: of everybody in
    expected and sampled counts, of one's own friends in a network of individuals. The others need friends of
    one's own, so they act in a network only.
    """

    waiting: Hazard = default(
        0.0, "hazard of leaving while waiting, if all others had left; in proportion to the share that has",
        off=True, assumption="nobody follows another", example="5 % per day",
    )  # fmt: skip
    active: Hazard = default(
        0.0, "the same while the service can be used", off=True, assumption="nobody follows another",
        example="2 % per day",
    )  # fmt: skip
    returning: Share = default(
        0.0, "by how much the return of one is less likely if all others are away; in proportion", off=True,
        assumption="the absence of others keeps nobody away", example="80 %",
    )  # fmt: skip
    leaves_below: ShareLaw | None = default(
        None, "network only: one leaves once a smaller share of one's friends than this is there; drawn for "
        "everyone", example={"low": "30 %", "high": "70 %", "law": "uniform"},
    )  # fmt: skip
    at_least: Few = default(
        0, "network only: one leaves once fewer friends than this are there", off=True,
        assumption="no number is needed", example=3,
    )  # fmt: skip
    within: Duration = default(
        0.0, "network only: the mean time in which one leaves once too few friends are there (exponential)",
        off=True, assumption="at once", example="7 d",
    )  # fmt: skip

    @property
    def by_count(self) -> bool:
        """Whether the share of all people who are away acts on anybody."""
        return bool(self.waiting or self.active or self.returning)

    @property
    def by_threshold(self) -> bool:
        """Whether people leave once too few of their own friends are there."""
        return self.leaves_below is not None or self.at_least > 0


class Reopening(Record):
    """The queue at the door: how fast those who come back are let in when the service returns."""

    admits: JoinRate = required("how many people can be let in at full capacity", example="100000 per hour")
    abandons: Hazard = default(
        0.0, "hazard with which one who stands at the door leaves", off=True,
        assumption="nobody leaves the queue", example="20 % per day",
    )  # fmt: skip
    retries: Number = default(
        0.0,
        "work that one who stands at the door causes in an hour by trying again, counted in admissions; it "
        "takes capacity from those who could be let in",
        off=True, assumption="nobody tries twice", example=0.5,
    )  # fmt: skip


_ONLY_FOR = {"rewired": "small_world", "groups": "communities", "inside": "communities"}


class Network(Record):
    """Who is friends with whom, for users followed as individuals (`--users graph`)."""

    people: AtLeastTwo = default(
        1000, "how many individuals stand for all users; for `edges` as many as are named",
        assumption="a thousand show a share to about 1.5 percentage points",
    )  # fmt: skip
    kind: NetworkKind = default(
        "random",
        "random (Poisson numbers of friends), regular (everybody has the same number), preferential (a few "
        "have very many), small_world (a ring with shortcuts), communities (more friends inside), or edges "
        "(a file of one's own)",
    )
    friends: PositiveNumber = default(
        10.0, "how many friends one has on average",
        assumption="judgement: the ties that matter for staying, not all contacts",
    )  # fmt: skip
    rewired: Share = default(
        0.1, "small_world: the share of ties that are shortcuts", assumption="a small world"
    )
    groups: AtLeastTwo = default(10, "communities: how many there are", assumption="ten")
    inside: Share = default(
        0.8, "communities: the share of friends within one's own", assumption="most friends are near"
    )
    file: str | None = default(
        None,
        "edges: a CSV file beside the scenario, a tie a row, two columns of names",
        words=True,
        example="ties.csv",
    )
    ties: Ties = default(
        (), "edges: the ties themselves, pairs of whole numbers from 0; from `file` where that is given",
        off=True, assumption="nobody is tied to anybody", example="0-1 1-2",
    )  # fmt: skip

    @property
    def unused(self) -> set[str]:
        """Fields that mean nothing for a network of this kind."""
        unused = {name for name, kind in _ONLY_FOR.items() if kind != self.kind}
        return unused | ({"people", "friends"} if self.kind == "edges" else set())

    def _crowded(self) -> bool:
        """Whether there are fewer pairs within communities, or between them, than there should be ties."""
        size, larger = divmod(self.people, self.groups)
        pairs = larger * (size + 1) * size + (self.groups - larger) * size * (size - 1)
        near, far = (self.people * self.friends * part for part in (self.inside, 1.0 - self.inside))
        return near > pairs or far > self.people * (self.people - 1) - pairs

    @model_validator(mode="before")
    @classmethod
    def _from_file(cls, value: Any, info: ValidationInfo) -> Any:
        """Read the ties from the file beside the scenario, unless they are written out."""
        if not isinstance(value, dict) or not isinstance(value.get("file"), str) or value.get("ties"):
            return value
        return {**value, "ties": _ties_beside(str((info.context or {}).get("source", "")), value["file"])}

    @model_validator(mode="after")
    def _fits_kind(self) -> Network:
        findings: list[tuple[tuple[str | int, ...], str]] = []
        for name in sorted(self.unused & self.model_fields_set):
            only = _ONLY_FOR.get(name, "networks made by a law")
            findings.append(((name,), f"has no meaning for `{self.kind}`, only for {only}; leave it out"))
        if self.kind == "edges" and self.file is None and not self.ties:
            findings.append(((), "`file` is missing: the CSV file with the ties"))
        if self.kind != "edges" and (self.file is not None or self.ties):
            findings.append((("kind",), f"is `{self.kind}`; write `edges` to read ties from a file"))
        if self.kind in {"regular", "preferential", "small_world"} and self.friends != int(self.friends):
            findings.append((("friends",), f"must be a whole number for `{self.kind}`"))
        if self.kind in {"preferential", "small_world"} and self.friends % 2:
            findings.append((("friends",), f"must be even for `{self.kind}`: half of the ties are one's own"))
        if self.kind != "edges" and self.friends >= self.people:
            findings.append((("friends",), f"is {self.friends:g}; there are only {self.people} people"))
        if self.kind == "communities" and self._crowded():
            fix = "make them fewer or larger, or have fewer friends"
            findings.append(
                (("groups",), f"are too small or too large for {self.friends:g} friends each; {fix}")
            )
        if self.kind == "regular" and int(self.friends) * self.people % 2:
            findings.append((("friends",), "times `people` must be even: every tie has two ends"))
        if findings:
            raise Wrong(*findings)
        return self
