"""What a scenario says of its users that individuals cannot show."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Problem
from sim.scenario import Scenario


def refused(scenario: Scenario) -> list[Problem]:
    """Findings, each with its path; empty if all that is said can be followed person by person."""
    return list(_findings(scenario))


def _findings(scenario: Scenario) -> Iterator[Problem]:
    users, instead = scenario.users, "follow numbers of users, `--users sampled`, or leave it out"
    if users.reopening is not None:
        yield Problem("users.reopening", f"individuals do not queue at the door; {instead}")
    for name, rival in users.rivals.items():
        here = f"users.rivals.{name}"
        if rival.tries is not None:
            yield Problem(f"{here}.tries", f"individuals do not try a rival beside this network; {instead}")
        if rival.grows:
            yield Problem(f"{here}.grows", f"individuals do not look at the size of a rival; {instead}")
    for name, segment in users.segments.items():
        here = f"users.segments.{name}"
        if segment.moves is not None:
            yield Problem(f"{here}.moves", f"individuals do not change their segment; {instead}")
        if segment.newcomers is not None and segment.newcomers.at_start:
            message = f"individuals have settled before the start; {instead}"
            yield Problem(f"{here}.newcomers.at_start", message)
