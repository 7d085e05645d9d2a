"""What is wished, claimed and known of the outcome: targets, expectations, observations."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from sim.scenario.fields import At, Count, Duration, Identifier, Record, Share, default, required
from sim.scenario.measures import DIMENSION, measure_kind, unknown_measure
from sim.scenario.units import SHARE, Dimension, Wrong, parse_quantity


class Targets(Record):
    """What is wanted; a run says in how many runs it is met."""

    rto: Duration | None = default(None, "recovery time objective: time to recover at most", example="7 d")
    rpo: Duration | None = default(None, "recovery point objective: data lost at most", example="24 h")
    users_lost: Share | None = default(
        None, "users lost at most, as a share of those at the start", example="20 %"
    )


def _measured(name: str) -> Dimension:
    kind = measure_kind(name)
    if kind is None:
        raise Wrong((("measure",), unknown_measure(name)))
    if kind not in DIMENSION:
        raise Wrong((("measure",), f"`{name}` is no number; name a measure that is"))
    return DIMENSION[kind]


def _convert(record: Record, names: tuple[str, ...], dimension: Dimension) -> None:
    """Read the raw values of fields whose unit depends on another field."""
    findings: list[tuple[tuple[str | int, ...], str]] = []
    for name in names:
        value = getattr(record, name)
        if value is None:
            continue
        try:
            record.__dict__[name] = parse_quantity(value, dimension)
        except Wrong as wrong:
            findings += [((name, *path), message) for path, message in wrong.findings]
    if findings:
        raise Wrong(*findings)


class Claim(Record):
    """A statement about the outcome that a run proves or refutes."""

    measure: str = required("what is measured", example="downtime")
    at_most: Any = default(None, "the largest value claimed, with its unit", example="7 d")
    at_least: Any = default(None, "the smallest value claimed, with its unit")
    in_share_of_runs: Share = required("in how many of the runs at least", example="90 %")
    strategy: Identifier | None = default(None, "for which strategy; left out, for each", example="as_is")
    label: str | None = default(None, "the claim in words", words=True)

    @model_validator(mode="after")
    def _read(self) -> Claim:
        dimension = _measured(self.measure)
        if self.at_most is None and self.at_least is None:
            raise Wrong.here("claims nothing: add `at_most` or `at_least`")
        _convert(self, ("at_most", "at_least"), dimension)
        if self.at_most is not None and self.at_least is not None and self.at_least > self.at_most:
            raise Wrong((("at_least",), "is more than `at_most`; no run can meet both"))
        return self


class Observation(Record):
    """What really happened: a measure, or users of one state at an instant divided by a named number."""

    measure: str | None = default(None, "the measure that was observed", example="downtime")
    quantity: Literal["active", "waiting", "away", "gone"] | None = default(
        None, "instead of a measure: users in this state at `at`, divided by `of`", example="active"
    )
    at: At | None = default(None, "with `quantity`: when", example="2021-06-01T00:00Z")
    of: Count | None = default(None, "with `quantity`: the number they are a share of", example=1_000_000)
    of_label: str | None = default(None, "what that number is, in words", words=True)
    value: Any = required("the best single value, with its unit", example="35 d")
    low: Any = default(None, "the lowest value that sources allow")
    high: Any = default(None, "the highest value that sources allow")
    label: str | None = default(None, "what it is, in words", words=True)
    source: str | None = default(None, "who says so", words=True)
    note: str | None = default(None, "what to keep in mind", words=True)

    @model_validator(mode="after")
    def _read(self) -> Observation:
        if (self.measure is None) == (self.quantity is None):
            raise Wrong.here(
                "names one of `measure` (an outcome) and `quantity: active` (users at an instant)"
            )
        if self.measure is not None:
            dimension = _measured(self.measure)
            unused = [name for name in ("at", "of", "of_label") if getattr(self, name) is not None]
            if unused:
                raise Wrong(
                    *(((name,), "belongs to `quantity`; leave it out with `measure`") for name in unused)
                )
        else:
            dimension = _RATIO
            missing = [name for name in ("at", "of") if getattr(self, name) is None]
            if missing:
                raise Wrong.here(f"`quantity` needs {' and '.join(f'`{name}`' for name in missing)}")
        _convert(self, ("value", "low", "high"), dimension)
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise Wrong((("value",), "must lie between `low` and `high`"))
        return self

    @property
    def dimension(self) -> Dimension:
        """What kind of quantity its value is."""
        return _RATIO if self.measure is None else _measured(self.measure)


_RATIO = Dimension("a ratio", "", SHARE.units, SHARE.shown, SHARE.examples)
