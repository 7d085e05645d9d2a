"""What a control is called and where it stands, from its path.

In: a dotted path of a scenario. Out: a label, what it belongs to, and the heading it comes under.
"""

from __future__ import annotations

from sim.scenario import Scenario
from sim.scenario.law_text import PARAMETERS
from sim.views import wording
from sim.views.happenings import phrase
from sim.views.labels import replacement, role_name, task_label

PARAMETER = {
    "low": "at least",
    "likely": "most likely",
    "high": "at most",
    "mean": "on average",
    "median": "half of the time below",
    "p90": "9 times in 10 below",
    "scale": "typical length",
    "shape": "shape of the law",
    "correlation": "how alike the answers are",
}
"""Numbers of a law, for people."""


def is_unknown(path: str) -> bool:
    """Whether a path is about the law of something that nobody knows."""
    return path.startswith("unknowns.")


def law_path(path: str) -> str:
    """The path of the field that a control is about, without `unknowns.` and the parameters of laws."""
    steps = path.split(".")
    unknown = steps[0] == "unknowns"
    steps = steps[1:] if unknown else steps
    for _ in range(2 if unknown else 1):
        if len(steps) > 2 and steps[-1] in PARAMETERS:
            steps = steps[:-1]
    return ".".join(steps)


def parameter(path: str) -> str:
    """The number of a law that a path ends in; empty if it ends in none."""
    last = path.rpartition(".")[2]
    return last if last in PARAMETERS else ""


def label(path: str, nested: set[str]) -> str:
    """What a control is called: its field (with the part it belongs to), and which number of a law it is."""
    steps = law_path(path).split(".")
    words = steps[-2:-1] * (".".join(steps[:-1]) in nested) + steps[-1:]
    name = wording.capital(", ".join(wording.spoken(word) for word in words))
    parts = path.split(".")
    names = [each for each in parts[-2:] if each in PARAMETERS and f".{each}" not in f".{law_path(path)}"]
    said = [PARAMETER.get(each, each) for each in names if each != "value"]
    return f"{name}, {', '.join(said)}" if said else name


def place(scenario: Scenario, path: str) -> tuple[str, str]:
    """The heading that a path comes under, and what it belongs to there."""
    steps = path.split(".")
    head, rest = steps[0], steps[1:]
    if head == "events" and rest:
        event = scenario.event(rest[0])
        return "What happens", phrase(scenario, event) if event is not None else rest[0]
    if head == "response" and rest[:1] == ["replace"] and len(rest) > 2:
        return _of_response(scenario, rest[1], rest[2:])
    if head == "response":
        return "The operator", " ".join(map(wording.spoken, rest[:-1]))
    if head == "users" and rest[:1] == ["segments"] and len(rest) > 1:
        segment = scenario.users.segments.get(rest[1])
        name = (segment.label if segment else None) or wording.spoken(rest[1])
        return "Users", wording.capital(name)
    if head in {"suppliers", "groups"} and rest:
        known = scenario.suppliers.get(rest[0])
        name = (known.label or known.name if known else None) or wording.capital(wording.spoken(rest[0]))
        return "Suppliers", name
    if head == "capabilities" and rest:
        return "What people can do", scenario.capabilities[rest[0]].label or wording.spoken(rest[0])
    titles = {"users": "Users", "backups": "Backups", "clock": "Time and chance", "seed": "Time and chance"}
    return titles.get(head, wording.capital(wording.spoken(head))), ""


def _of_response(scenario: Scenario, role: str, rest: list[str]) -> tuple[str, str]:
    group = wording.capital(replacement(scenario, role))
    if rest[0] == "tasks" and len(rest) > 1:
        return group, wording.capital(task_label(scenario, role, rest[1]))
    if rest[0] == "search":
        return group, f"Search for a {replacement(scenario, role)}"
    return group, wording.capital(role_name(scenario, role))
