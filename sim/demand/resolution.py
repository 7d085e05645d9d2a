"""In what detail users are followed, and by which of the engines.

In: a scenario. Out: whether its users can be carried in closed form from phase to phase. They can where each
user's hazards depend on that user's own state and on the timeline alone, and are constant in a phase apart
from patience and return; whatever else is said of them is followed in steps.
"""

from __future__ import annotations

from sim.errors import Problem
from sim.scenario import Scenario
from sim.scenario.people import Segment
from sim.scenario.resolution import Resolution

_VERBS = frozenset({"announce", "open", "require"})


def steps_needed(scenario: Scenario) -> bool:
    """Whether something is said of the users that the closed form does not know."""
    users = scenario.users
    return (
        bool(users.rivals)
        or users.reopening is not None
        or any(event.verb in _VERBS for event in scenario.events)
        or any(_says_more(segment) for segment in users.segments.values())
    )


def refused(scenario: Scenario, users: Resolution) -> list[Problem]:
    """What the scenario says of its users that this detail cannot show; empty if all can be shown."""
    if users == "graph":
        from sim.demand.network import refused as refused_of_individuals

        return refused_of_individuals(scenario)
    return [
        Problem(
            f"users.segments.{name}.friends",
            f"people who need friends of their own can only be followed one by one, not as {users} numbers; "
            "add `--users graph`, or leave `leaves_below` and `at_least` out",
        )
        for name, segment in scenario.users.segments.items()
        if segment.friends.by_threshold
    ]


def _says_more(segment: Segment) -> bool:
    return (
        segment.friends.by_count
        or segment.newcomers is not None
        or segment.moves is not None
        or segment.stigma.leaving != 1.0
        or segment.stigma.returning != 1.0
        or segment.again != 1.0
        or segment.returns.on_reopening > 0.0
    )
