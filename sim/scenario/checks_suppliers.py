"""Checks of what suppliers do by themselves and together: groups, needs, failures, leaving. See `checks`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

from sim.scenario.gates import Gate, Leaf, leaves
from sim.scenario.happenings import DECISIONS, Event
from sim.scenario.laws import Law
from sim.scenario.nodes import Step
from sim.scenario.people import Users
from sim.scenario.platform import Capability, Clock, Failures, Group, Supplier
from sim.scenario.response import Response

Finding = tuple[tuple[Step, ...], str]
Groups = Mapping[str, Group]
MOST_FAILURES = 100_000


def _unknown(name: str, known: Iterable[str], what: str) -> str:
    names = list(known)
    near = get_close_matches(name, names, n=1)
    fix = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(names) or 'none'}"
    return f"there is no {what} `{name}`; {fix}"


def _upstream(
    suppliers: dict[str, Supplier], capabilities: dict[str, Capability], response: Response
) -> Iterator[Finding]:
    """Suppliers need suppliers, and nobody needs themselves."""
    from sim.scenario.checks import cycle_in

    standing: list[tuple[tuple[Step, ...], str, tuple[Gate, ...]]] = [
        (("suppliers", name, "needs"), name, supplier.needs) for name, supplier in suppliers.items()
    ]
    standing += [
        (("response", "replace", role, "needs"), role, replacement.needs)
        for role, replacement in response.replace.items()
    ]
    edges: dict[str, list[str]] = {name: [] for name in suppliers}
    for place, name, gates in standing:
        for position, gate in enumerate(gates):
            for leaf in leaves(gate):
                plain = isinstance(gate, Leaf) or len(gates) > 1
                here = (*place, *([position] if plain else []))
                if leaf == name:
                    yield here, f"`{name}` cannot need itself"
                    continue
                edges.setdefault(name, []).append(leaf)
                if leaf in capabilities:
                    known = ", ".join(suppliers)
                    yield here, f"`{leaf}` is a capability; a supplier needs suppliers: {known}"
                elif leaf not in suppliers:
                    yield here, _unknown(leaf, suppliers, "supplier")
    cycle = cycle_in(edges)
    if cycle is not None:
        circle = " needs ".join(f"`{name}`" for name in cycle)
        yield ("suppliers", cycle[0], "needs"), f"needs are circular: {circle}; break the circle"


def _members(suppliers: dict[str, Supplier], groups: dict[str, Group]) -> Iterator[Finding]:
    for name, group in groups.items():
        here: tuple[Step, ...] = ("groups", name, "members")
        for position, member in enumerate(group.members):
            if member in groups:
                yield (*here, position), f"`{member}` is a group; name its members: suppliers"
            elif member not in suppliers:
                yield (*here, position), _unknown(member, suppliers, "supplier")
            elif member in group.members[:position]:
                yield (*here, position), f"`{member}` is named twice"
        if not group.members:
            yield here, "is an empty list; name the suppliers in it"


def _group_names(
    suppliers: dict[str, Supplier],
    capabilities: dict[str, Capability],
    users: Users,
    groups: dict[str, Group],
) -> Iterator[Finding]:
    taken = {**dict.fromkeys(users.segments, "segment"), **dict.fromkeys(capabilities, "capability")}
    taken |= dict.fromkeys(suppliers, "supplier")
    for name in groups:
        if name in taken:
            yield ("groups", name), f"`{name}` is also a {taken[name]}; every name may be used once"
        if name == "users":
            yield ("groups", name), "`users` has a meaning of its own; choose another name"


def _common(suppliers: dict[str, Supplier], groups: dict[str, Group]) -> Iterator[Finding]:
    """A share of failures in common has a meaning only where all fail alike and without memory."""
    shares: dict[str, float] = {}
    for name, group in groups.items():
        if group.common is None or not all(member in suppliers for member in group.members):
            continue
        here = ("groups", name, "common")
        if len(group.members) < 2:
            yield here, "is unused: a single member has nothing in common with others; leave it out"
        for member in group.members:
            shares[member] = shares.get(member, 0.0) + group.common
        most = max(group.members, key=lambda member: shares[member], default="")
        if most and shares[most] > 1.0 + 1e-12:
            total = f"{100 * shares[most]:.6g} %"
            yield here, f"makes {total} of the failures of `{most}` common; 100 % is all of them"
        yield from ((here, message) for message in _unlike(suppliers, group))


def _unlike(suppliers: Mapping[str, Supplier], group: Group) -> Iterator[str]:
    """Why members' failures cannot be shared out."""
    laws = {member: suppliers[member].fails for member in group.members}
    silent = [member for member, fails in laws.items() if fails is None]
    if silent:
        fix = f"add `fails` to {', '.join(f'`{member}`' for member in silent)}"
        yield f"is a share of failures that nobody gives; {fix}, or say `fails` of the group"
        return
    odd = [m for m, fails in laws.items() if fails is not None and fails.every.kind != "exponential"]
    if odd:
        yield f"needs exponential times between failures; `{odd[0]}` has none, write `every: {{mean: 90 d}}`"
    first = next(iter(laws), None)
    other = next((member for member, fails in laws.items() if first and fails != laws[first]), None)
    if other is not None and not odd:
        yield f"needs members that fail alike; `{first}` and `{other}` differ, give them the same `fails`"


def _failures(clock: Clock, suppliers: dict[str, Supplier], groups: dict[str, Group]) -> Iterator[Finding]:
    """Failures so close together are a degradation."""
    places: list[tuple[tuple[Step, ...], Failures | None]] = []
    places += [(("suppliers", name, "fails"), supplier.fails) for name, supplier in suppliers.items()]
    places += [(("groups", name, "fails"), group.fails) for name, group in groups.items()]
    for here, fails in places:
        if fails is None:
            continue
        if _never(fails.lasts):
            yield (*here, "lasts"), "is no time at all: such failures have no effect; leave `fails` out"
        number = clock.horizon / (fails.every.median() + fails.lasts.median())
        if number > MOST_FAILURES:
            yield (
                (*here, "every"),
                f"makes about {number:,.0f} failures; at most {MOST_FAILURES:,} are allowed",
            )


def _never(law: Law) -> bool:
    return law.is_constant and law.median() == 0.0


def _leaving(
    suppliers: dict[str, Supplier],
    groups: dict[str, Group],
    events: tuple[Event, ...],
    unknowns: dict[str, Law],
    clock: Clock,
) -> Iterator[Finding]:
    known = {*suppliers, *groups}
    decided = any(event.verb in DECISIONS and event.of in known for event in events)
    for name, supplier in suppliers.items():
        if supplier.leaves is None:
            continue
        here: tuple[Step, ...] = ("suppliers", name, "leaves")
        leaving = supplier.leaves
        path = f"suppliers.{name}.leaves"
        hazards = [field for field in ("hazard", "contagion") if f"{path}.{field}" in unknowns]
        if not leaving.hazard and not leaving.contagion and not hazards:
            yield here, "has no effect: it never leaves; say its `hazard` or its `contagion`, or leave it out"
        if leaving.fades_over is not None and not leaving.contagion and "contagion" not in hazards:
            yield (*here, "fades_over"), "is unused without `contagion`; say it, or leave this out"
        if leaving.since is None and not decided:
            yield (
                here,
                "never begins: no event takes a supplier away; say `since`, for example `since: 0 d`",
            )
        elif leaving.since is not None and leaving.since >= clock.horizon:
            yield (*here, "since"), "is not before the end of the simulation; lengthen `clock.horizon`"
        elif leaving.since is not None and leaving.since < 0:
            yield (*here, "since"), "is before the start"


CHECKS: tuple[Callable[..., Iterator[Finding]], ...] = (
    _upstream, _members, _group_names, _common, _failures, _leaving,
)  # fmt: skip
