"""What the numbers do not say, for the report: of the model always, of this study where it applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.outcomes import MEASURES
from sim.scenario.crowd import Network
from sim.views import wording
from sim.views.case import Case
from sim.views.few_runs import few_runs

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.resolution import Resolution

_ALWAYS = (
    "Every number is what follows from the inputs. Where these are assumptions, so are the results; the "
    "simulation error measures only how many runs were made.",
    "Suppliers act at the instants the scenario sets. What they would have decided had the operator acted "
    "differently is not modelled.",
)

_ALONE = (
    "Users do not act on each other: nobody leaves because friends leave, no rival grows, and nobody is "
    "turned away by a queue at reopening."
)

_EXPECTED = (
    "Numbers of users are expected numbers given each run’s suppliers, not whole people drawn one by one; "
    "with many users the difference is far smaller than that between runs."
)

_CHANCE = "Bands hold chance only: what nobody knows was held at one value, so the true spread is wider."

_UNFINISHED = (
    "Some runs are unfinished when the simulation ends. Their times are longer than anything shown; a longer "
    "horizon would say by how much."
)

_OBSERVED = (
    "One observed case lies inside or outside a simulated range; it can neither prove a model nor refute a "
    "range by itself."
)


def limits(case: Case) -> list[str]:
    """The limits to read before using a number."""
    runs, (failed, why) = case.runs, case.failed
    few = few_runs(MEASURES["users_lost"], case.outcomes)
    some = [
        *((True, text) for text in of_others(case.scenario, case.users)),
        (case.users == "expected", _EXPECTED),
        (not case.uncertain, _CHANCE),
        (any(cut.any() for cut in case.censored.values()), _UNFINISHED),
        (runs < 100, f"{runs} runs are few: the ends of “9 runs in 10” rest on a handful of them."),
        (bool(few), f"Users lost: {few}."),
        (failed > 0, f"{failed:,} replications failed and are in no number here; the first: {why}."),
        (bool(case.observed), _OBSERVED),
    ]
    return [*_ALWAYS, *(text for applies, text in some if applies)]


def of_others(scenario: Scenario, users: Resolution) -> list[str]:
    """What is left out, or only nearly right, about users who act on each other."""
    segments = scenario.users.segments.values()
    friends = any(one.friends.by_count or one.friends.by_threshold for one in segments)
    grows = any(one.grows > 0.0 for one in scenario.users.rivals.values())
    door = scenario.users.reopening is not None
    if not (friends or grows or door):
        return [_ALONE, *_of_people(scenario, users)]
    missing = ["nobody leaves because friends leave"] * (not friends) + ["no rival grows"] * (not grows)
    missing += ["nobody is turned away by a queue at reopening"] * (not door)
    acts = ["friends"] * (friends and users != "graph") + ["rivals that grow"] * grows
    acts += ["the queue at the door"] * door
    said = [f"{wording.capital(wording.listing(missing))}."] if missing else []
    if acts and users != "graph":
        said.append(
            f"{wording.capital(wording.listing(acts))}: what people do because of others acts through "
            "averages over all users, as if these were without number. The error in the averages is of the "
            f"order of 1 in {wording.count(scenario.users.start)}; near a tipping point it is larger."
        )
    if friends and users != "graph":
        said.append(
            "Everybody counts as a friend of everybody: those with few friends do not differ from those with "
            "many. `--users graph` follows individuals with friends of their own."
        )
    return [*said, *_of_people(scenario, users)]


def _of_people(scenario: Scenario, users: Resolution) -> list[str]:
    """What holds of individuals, of newcomers, of visits."""
    segments = scenario.users.segments.values()
    said = []
    if users == "graph":
        network = scenario.users.network or Network()
        people = 1 + max(map(max, network.ties), default=-1) if network.kind == "edges" else network.people
        drawn = (
            "The ties are those of the file in every run."
            if network.kind == "edges"
            else "Who is friends with whom is drawn anew for each run from a law; nobody has observed it."
        )
        said.append(
            f"{people:,} individuals stand for {wording.count(scenario.users.start)} users: in one run a "
            f"share of them is uncertain by up to {wording.number(50 / people**0.5, 2)} percentage points "
            "(one standard error, more where they follow each other). "
            f"{drawn} Those who join have no friends."
        )
    if any(one.newcomers is not None for one in segments):
        said.append("A newcomer who leaves counts as settled from then on.")
    if any(one.visits is not None for one in segments) and scenario.users.rivals:
        said.append("What rivals pull acts from the beginning of an outage, noticed or not.")
    return said
