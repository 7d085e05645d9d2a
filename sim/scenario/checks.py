"""Checks across records: names that must exist, orders that must not be circular, things that cannot be.

In: the sound sections of a scenario (a section with a wrong value is left out, and with it every check that
reads it). Out: findings, each with the path it is about. A check is a function; its parameters are the
sections it reads.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from sim.clock import format_duration
from sim.scenario import checks_response, checks_suppliers, checks_users
from sim.scenario.claims import Claim, Observation
from sim.scenario.gates import Leaf, Shares, highest, leaves
from sim.scenario.happenings import OF_USERS, Event
from sim.scenario.measures import OF_DOOR, PER_RIVAL, unknown_measure
from sim.scenario.nodes import Step
from sim.scenario.people import MOST_RETURNS, Users, unheard
from sim.scenario.platform import Backups, Capability, Clock, Group, Supplier

Finding = tuple[tuple[Step, ...], str]
Check = Callable[..., Iterator[Finding]]
MOST_REPORTS = 100_000
LONGEST = 100 * 8766.0
"""Hours: the longest horizon."""


def run_checks(sections: Mapping[str, Any]) -> list[Finding]:
    """Findings of every check whose sections are all there; ``settings`` counts those of the command line."""
    findings: list[Finding] = []
    for check in (*CHECKS, *checks_suppliers.CHECKS, *checks_response.CHECKS, *checks_users.CHECKS):
        wanted = inspect.signature(check).parameters
        if all(name in sections for name in wanted):
            findings += check(**{name: sections[name] for name in wanted})
    return findings


def unknown_name(name: str, known: Iterable[str], what: str) -> str:
    """The message about a name that nothing has."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    fix = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(names) or 'none'}"
    return f"there is no {what} `{name}`; {fix}"


def cycle_in(edges: Mapping[str, Iterable[str]]) -> list[str] | None:
    """A cycle of a graph as the names on it, the first repeated at the end; None if there is none."""
    done: set[str] = set()
    for root in edges:
        trail: list[str] = []
        stack = [(root, iter(edges[root]))] if root not in done else []
        trail = [root] if stack else []
        while stack:
            _, below = stack[-1]
            step = next((name for name in below if name in edges and name not in done), None)
            if step is None:
                done.add(trail.pop())
                stack.pop()
            elif step in trail:
                return [*trail[trail.index(step) :], step]
            else:
                trail.append(step)
                stack.append((step, iter(edges[step])))
    return None


def _names(suppliers: dict[str, Supplier], capabilities: dict[str, Capability]) -> Iterator[Finding]:
    for name in capabilities:
        if name in suppliers:
            yield ("capabilities", name), f"`{name}` is also a supplier; every name may be used once"
    if "users" in suppliers:
        yield ("suppliers", "users"), "`users` has a meaning of its own; choose another name"


def _needs(suppliers: dict[str, Supplier], capabilities: dict[str, Capability]) -> Iterator[Finding]:
    known = [*suppliers, *capabilities]
    sound = True
    for name, capability in capabilities.items():
        for field in ("needs", "needs_any", "shares"):
            for path, leaf in _leaf_paths(capability, field):
                here = ("capabilities", name, *path)
                if leaf == name:
                    sound = False
                    yield here, f"`{name}` cannot need itself"
                elif leaf not in known:
                    sound = False
                    yield here, unknown_name(leaf, known, "supplier or capability")
    edges = {name: [leaf for leaf in leaves(c.gate) if leaf != name] for name, c in capabilities.items()}
    cycle = cycle_in(edges)
    if cycle is not None:
        circle = " needs ".join(f"`{name}`" for name in cycle)
        yield ("capabilities", cycle[0]), f"needs are circular: {circle}; break the circle"
    elif sound:
        yield from _reachable(capabilities)


def _leaf_paths(capability: Capability, field: str) -> Iterator[tuple[tuple[Step, ...], str]]:
    value = getattr(capability, field)
    if isinstance(value, Shares):
        for _, item in value.of:
            for leaf in leaves(item):
                yield (field, leaf), leaf
        return
    for position, gate in enumerate(value or ()):
        for leaf in leaves(gate):
            yield ((field, position) if isinstance(gate, Leaf) or len(value) > 1 else (field,)), leaf


def _reachable(capabilities: dict[str, Capability]) -> Iterator[Finding]:
    for name, capability in capabilities.items():
        top = highest(capability.gate)
        if top < capability.recovered_at - 1e-9:
            yield (
                ("capabilities", name),
                f"reaches {100 * top:.6g} % when everything is up and can never be recovered "
                f"(`recovered_at` is {100 * capability.recovered_at:.6g} %)",
            )


def _used(
    suppliers: dict[str, Supplier],
    capabilities: dict[str, Capability],
    events: tuple[Event, ...],
    groups: dict[str, Group],
    backups: Backups | None,
) -> Iterator[Finding]:
    used = {leaf for capability in capabilities.values() for leaf in leaves(capability.gate)}
    used |= {leaf for supplier in suppliers.values() for gate in supplier.needs for leaf in leaves(gate)}
    used |= {member for group in groups.values() for member in group.members}
    used |= {event.of for event in events}
    used |= {backups.kept_at} if backups is not None and backups.kept_at is not None else set()
    for name, supplier in suppliers.items():
        if name not in used and not supplier.monthly_cost and not supplier.holds_data:
            yield ("suppliers", name), "is unused: no capability needs it and no event names it"


def _served(capabilities: dict[str, Capability], users: Users, headline: str) -> Iterator[Finding]:
    if headline and headline not in capabilities:
        yield ("headline",), unknown_name(headline, capabilities, "capability")
    if "users" in users.segments:
        yield ("users", "segments", "users"), "`users` means all of them; choose another name"
    places: list[tuple[tuple[Step, ...], Any]] = [(("users",), users)]
    places += [(("users", "segments", name), segment) for name, segment in users.segments.items()]
    for path, place in places:
        for field in ("served_by", "join_by"):
            name = getattr(place, field)
            if field in place.model_fields_set and name is not None and name not in capabilities:
                yield (*path, field), unknown_name(name, capabilities, "capability")


def _unheard(users: Users, settings: int) -> Iterator[Finding]:
    if settings:  # they may have given every segment its own
        return
    for name in sorted(unheard(users) & users.model_fields_set):
        yield ("users", name), "is unused: every segment says its own; leave it out here, or there"


def _joinless(users: Users) -> Iterator[Finding]:
    """Fields about an app that needs no installing have no effect."""
    for name, segment in users.segments.items():
        for field in ("uninstalls", "app_decay"):
            if getattr(segment, field) and segment.join_by is None:
                own = field in segment.model_fields_set
                path = ("users", "segments", name, field) if own else ("users", field)
                yield path, "is unused: nothing is needed to join; add `join_by: <capability>`"


def _fading(users: Users) -> Iterator[Finding]:
    """A return that fades over far longer than it takes: meant as one that never fades."""
    for name, segment in users.segments.items():
        fades_over = segment.returns.fades_over
        if fades_over is not None and segment.returns.rate * fades_over > MOST_RETURNS:
            own = "returns" in segment.model_fields_set
            path: tuple[Step, ...] = ("users", "segments", name) if own else ("users",)
            longest = MOST_RETURNS / segment.returns.rate / 24
            fix = f"leave it out (it never fades) or write at most {longest:.3g} d"
            yield (*path, "returns", "fades_over"), f"is far longer than a return takes; {fix}"


def _events(
    clock: Clock,
    suppliers: dict[str, Supplier],
    users: Users,
    events: tuple[Event, ...],
    groups: dict[str, Group],
) -> Iterator[Finding]:
    ids = [event.id for event in events]
    for position, event in enumerate(events):
        here: tuple[Step, ...] = ("events", position)
        if event.verb in OF_USERS:
            if event.of != "users" and event.of not in users.segments:
                yield (*here, "of"), unknown_name(event.of, ["users", *users.segments], "segment")
        elif event.verb == "open":
            if event.of not in users.rivals:
                yield (*here, "of"), unknown_name(event.of, users.rivals, "rival")
        elif event.of not in suppliers and event.of not in groups:
            what = "supplier or group" if groups else "supplier"
            yield (*here, "of"), unknown_name(event.of, [*suppliers, *groups], what)
        if ids.index(event.id) < position:
            yield (
                (*here, "id"),
                f"`{event.id}` is the id of event {ids.index(event.id) + 1} too; ids must differ",
            )
        yield from ((here + path, message) for path, message in _when(event, clock))
        yield from ((here + path, message) for path, message in _why(event, events))
    cycle = cycle_in({event.id: [event.because] if event.because else [] for event in events})
    if cycle is not None:
        yield ("events",), "causes are circular: " + " because of ".join(f"`{name}`" for name in cycle)


def _instant(clock: Clock, hours: float) -> str:
    """The instant in words, or the time from the start where the calendar ends."""
    try:
        return clock.calendar.format(hours, year=True, zone=True)
    except OverflowError:
        return f"{format_duration(hours)} from the start"


def _when(event: Event, clock: Clock) -> Iterator[Finding]:
    start = _instant(clock, 0.0)
    if event.at < 0:
        yield ("at",), f"is before the start ({start})"
    elif event.announced < 0:
        when = _instant(clock, event.announced)
        yield (
            ("notice",),
            f"is announced {when}, before the start ({start}); start earlier or give less notice",
        )
    if event.at >= clock.horizon:
        end = _instant(clock, clock.horizon)
        yield (
            ("at",),
            f"is not before the end of the simulation ({end}); lengthen `clock.horizon` or move the event",
        )


def _why(event: Event, events: tuple[Event, ...]) -> Iterator[Finding]:
    if event.because is None:
        return
    cause = next((other for other in events if other.id == event.because), None)
    if cause is None:
        yield ("because",), unknown_name(event.because, [e.id for e in events if e is not event], "event")
    elif event.at < cause.announced:
        yield ("because",), f"`{cause.id}` comes later; a cause cannot come after what it causes"


def _horizon(clock: Clock) -> Iterator[Finding]:
    if clock.horizon > LONGEST:
        yield (
            ("clock", "horizon"),
            f"is over {LONGEST / 8766:.0f} years, beyond anything that can be foreseen",
        )
        return
    try:
        clock.instant(clock.horizon)
    except OverflowError:
        yield ("clock", "start"), "is too late: the calendar ends with the year 9999"
    reports = clock.horizon / clock.report_every
    if reports > MOST_REPORTS:
        yield ("clock", "report_every"), f"makes {reports:,.0f} reports; at most {MOST_REPORTS:,} are allowed"


def _backups(suppliers: dict[str, Supplier], backups: Backups | None) -> Iterator[Finding]:
    if backups is not None and not any(supplier.holds_data for supplier in suppliers.values()):
        yield ("backups",), "is unused: no supplier holds data; write `holds_data: true` at the one that does"


def _claims(
    capabilities: dict[str, Capability], users: Users, expect: tuple[Claim, ...]
) -> Iterator[Finding]:
    for position, claim in enumerate(expect):
        yield from _measured(("expect", position), claim.measure, capabilities, users)


def _observations(
    clock: Clock, capabilities: dict[str, Capability], users: Users, observed: tuple[Observation, ...]
) -> Iterator[Finding]:
    for position, seen in enumerate(observed):
        yield from _measured(("observed", position), seen.measure or "", capabilities, users)
        if seen.at is not None and not 0 <= seen.at <= clock.horizon:
            yield ("observed", position, "at"), "is outside the simulated time"


def _measured(
    path: tuple[Step, ...], measure: str, capabilities: dict[str, Capability], users: Users
) -> Iterator[Finding]:
    head, _, of = measure.partition(".")
    if of and of not in (users.rivals if head in PER_RIVAL else capabilities):
        yield (*path, "measure"), unknown_measure(measure, capabilities, users.rivals)
    if head in OF_DOOR and users.reopening is None:
        yield (*path, "measure"), f"`{measure}` needs a door; give `users.reopening`"


CHECKS: tuple[Check, ...] = (
    _horizon, _names, _needs, _used, _served, _unheard, _joinless, _fading, _events, _backups, _claims,
    _observations,
)  # fmt: skip
