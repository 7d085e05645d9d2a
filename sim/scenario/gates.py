"""What a capability needs: gates over suppliers and other capabilities.

In: `needs`, `needs_any`, `shares` of a file. Out: nested frozen records. Capacities flow through them:
all = min, any = max, at least k = k-th largest, shares = min(1, sum of share x capacity).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.scenario.fields import RESERVED
from sim.scenario.nodes import Step, describe
from sim.scenario.units import SHARE, Wrong, parse_quantity, write_quantity


@dataclass(frozen=True, slots=True)
class Leaf:
    """One supplier or one other capability, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class All:
    """All of them: the smallest capacity."""

    of: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Any one of them: the largest capacity."""

    of: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``count`` of them: the ``count``-th largest capacity."""

    count: int
    of: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """Together: min(1, sum of share x capacity). ``of`` holds (share, gate)."""

    of: tuple[tuple[float, Gate], ...]


Gate = Leaf | All | Any | AtLeast | Shares


def leaves(gate: Gate) -> Iterator[str]:
    """The names a gate stands on, in file order, each as often as it is named."""
    if isinstance(gate, Leaf):
        yield gate.name
    elif isinstance(gate, Shares):
        for _, item in gate.of:
            yield from leaves(item)
    else:
        for item in gate.of:
            yield from leaves(item)


def highest(gate: Gate) -> float:
    """The capacity when everything it stands on is up: 1, or less if its shares do not add up to 1."""
    if isinstance(gate, Leaf):
        return 1.0
    if isinstance(gate, Shares):
        return min(1.0, sum(share * highest(item) for share, item in gate.of))
    capacities = sorted((highest(item) for item in gate.of), reverse=True)
    if isinstance(gate, AtLeast):
        return capacities[gate.count - 1]
    return capacities[0] if isinstance(gate, Any) else capacities[-1]


def parse_items(value: object) -> tuple[Gate, ...]:
    """`needs` or `needs_any`: a list of items, or one nested gate alone.

    Raises
    ------
    Wrong
        With every finding.
    """
    if isinstance(value, Mapping):
        return (parse_gate(value),)
    if isinstance(value, str):
        raise Wrong.here(f"must be a list: write [{value}]")
    if not isinstance(value, tuple | list):
        raise Wrong.here(f"must be a list of names, found {describe(value)}")
    gates: list[Gate] = []
    findings: list[tuple[tuple[Step, ...], str]] = []
    for position, item in enumerate(value):
        try:
            gates.append(parse_gate(item))
        except Wrong as wrong:
            findings += [((position, *path), message) for path, message in wrong.findings]
    named = [gate.name for gate in gates if isinstance(gate, Leaf)]
    findings += [
        ((), f"`{name}` is named twice") for name in sorted({n for n in named if named.count(n) > 1})
    ]
    if not value:
        findings.append(((), "is an empty list; name what it needs, or leave the key out"))
    if findings:
        raise Wrong(*findings)
    return tuple(gates)


def parse_gate(value: object) -> Gate:
    """One item: a name, {all: [..]}, {any: [..]} or {at_least: 2, of: [..]}."""
    if isinstance(value, str):
        if value in RESERVED:
            raise Wrong.here(f"`{value}` cannot be a name")
        return Leaf(value)
    if not isinstance(value, Mapping):
        raise Wrong.here(f"must be a name, {{all: [..]}}, {{any: [..]}} or {{at_least: 2, of: [..]}}; "
                         f"found {describe(value)}")  # fmt: skip
    if set(value) == {"at_least", "of"}:
        return _at_least(value)
    for key, gate in (("all", All), ("any", Any)):
        if set(value) == {key}:
            return gate(_below(key, value[key]))
    if set(value) == {"shares"}:
        return parse_shares(value["shares"])
    found = ", ".join(map(str, value))
    allowed = "{all: [..]}, {any: [..]}, {at_least: 2, of: [..]}, {shares: {..}}"
    raise Wrong.here(f"{{{found}}} is no gate; allowed: {allowed}")


def _at_least(value: Mapping[str, object]) -> Gate:
    items = _below("of", value["of"])
    count = value["at_least"]
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise Wrong((("at_least",), f"`{count}` must be a whole number, 1 or more"))
    if count > len(items):
        raise Wrong((("at_least",), f"`{count}` of {len(items)} can never be up; name more, or need fewer"))
    return AtLeast(count, items)


def _below(key: str, value: object) -> tuple[Gate, ...]:
    try:
        return parse_items(value)
    except Wrong as wrong:
        raise Wrong(*(((key, *path), message) for path, message in wrong.findings)) from None


def parse_shares(value: object) -> Shares:
    """`shares`: how much of the load each can carry."""
    if not isinstance(value, Mapping) or not value:
        raise Wrong.here("must be a mapping of names to shares, {host_a: 60 %, host_b: 60 %}")
    findings: list[tuple[tuple[Step, ...], str]] = []
    items: list[tuple[float, Gate]] = []
    for name, share in value.items():
        try:
            items.append((parse_quantity(share, SHARE), Leaf(name)))
        except Wrong as wrong:
            findings += [((name, *path), message) for path, message in wrong.findings]
    if findings:
        raise Wrong(*findings)
    return Shares(tuple(items))


def write_gate(gate: Gate) -> object:
    """The gate as a file may say it."""
    if isinstance(gate, Leaf):
        return gate.name
    if isinstance(gate, Shares):
        return {"shares": write_shares(gate)}
    items = [write_gate(item) for item in gate.of]
    if isinstance(gate, AtLeast):
        return {"at_least": gate.count, "of": items}
    return {"all" if isinstance(gate, All) else "any": items}


def write_shares(gate: Shares) -> dict[str, object]:
    """`shares` as a file may say it."""
    written: dict[str, object] = {}
    for share, item in gate.of:
        for name in leaves(item):
            written[name] = write_quantity(share, SHARE)
    return written
