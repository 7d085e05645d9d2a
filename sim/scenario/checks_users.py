"""Checks of what is said of users and others: rivals, moves, announcements, forced versions, the network.

In: the sound sections of a scenario. Out: findings, each with the path it is about. What would change nothing
is refused: whoever wrote it believes that it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from sim.scenario.happenings import Event
from sim.scenario.nodes import Step
from sim.scenario.people import Users

Path = tuple[Step, ...]
Finding = tuple[Path, str]

ELSEWHERE = "elsewhere"
"""Where those are who left for no rival."""


def _place(users: Users, segment: str, field: str) -> Path:
    """Where a segment's field was said: in the segment, or for all users."""
    own = field in users.segments[segment].model_fields_set
    return ("users", "segments", segment, field) if own else ("users", field)


def _rivals(users: Users) -> Iterator[Finding]:
    for name, rival in users.rivals.items():
        here: Path = ("users", "rivals", name)
        if name == ELSEWHERE:
            yield here, f"`{ELSEWHERE}` means at no rival; choose another name"
        if name in users.segments:
            yield here, f"`{name}` is also a segment; every name may be used once"
        if rival.grows and not rival.users:
            yield (
                (*here, "grows"),
                "is unused: growth is measured against the size at the start; give `users`",
            )
        if "at_most" in rival.model_fields_set and not rival.grows:
            yield (*here, "at_most"), "is unused: its attraction does not change with its size; give `grows`"
    if not users.rivals:
        for name, segment in users.segments.items():
            if segment.drawn != 1.0:
                yield _place(users, name, "drawn"), "is unused: there are no `rivals`"


def _moves(users: Users) -> Iterator[Finding]:
    for name, segment in users.segments.items():
        if segment.moves is None:
            continue
        path = _place(users, name, "moves")
        if segment.moves.to not in users.segments:
            near = get_close_matches(segment.moves.to, users.segments, n=1)
            fix = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(users.segments)}"
            yield (*path, "to"), f"there is no segment `{segment.moves.to}`; {fix}"
        elif segment.moves.to == name:
            yield (*path, "to"), "is the segment itself; nobody can move to where they are"
        elif segment.join_by is None:
            yield path, "is unused: nothing is needed to join, so nobody's way in is ever closed"


def _returns(users: Users) -> Iterator[Finding]:
    for name, segment in users.segments.items():
        if segment.returns.outage_fades is not None and not segment.returns.on_reopening:
            path = (*_place(users, name, "returns"), "outage_fades")
            yield path, "is unused: nobody comes back at the reopening; give `on_reopening`"
        if segment.patience.kind != "constant" or segment.visits is not None:
            continue
        if segment.stigma.leaving != 1.0 or segment.again != 1.0:
            path = _place(users, name, "patience")
            yield (
                path,
                "ends at one instant, which no multiplier of a hazard can move; give a law that spreads",
            )


def _of_users(users: Users, events: tuple[Event, ...]) -> Iterator[Finding]:
    for position, event in enumerate(events):
        here: Path = ("events", position)
        if event.verb == "announce" and event.holds == event.missed == 1.0:
            yield here, "changes nothing; say by how much it `holds` people, or loses them when `missed`"
        if event.verb == "require":
            asked = [name for name in users.segments if event.of in ("users", name)]
            if asked and all(users.segments[name].join_by is None for name in asked):
                yield here, "changes nothing: no app is needed by those it is required of; see `join_by`"


def _friends(users: Users) -> Iterator[Finding]:
    for name, segment in users.segments.items():
        friends = segment.friends
        if friends.within and not friends.by_threshold:
            path = (*_place(users, name, "friends"), "within")
            yield path, "is unused: say when too few friends are there, by `leaves_below` or `at_least`"


CHECKS: tuple[Callable[..., Iterator[Finding]], ...] = (_rivals, _moves, _returns, _of_users, _friends)
