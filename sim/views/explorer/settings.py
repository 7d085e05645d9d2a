"""Controls: one for each input of a scenario that can be moved, found by walking the scenario.

In: a loaded file and one of its strategies. Out: `Control` records, the most telling first. A control is made
from the field's own type, meaning and evidence, so a new field of the language has one without a change here;
what is listed here is only which inputs come first.

Left out: words, references to other parts, the start, targets and observations, the shares of segments (they
must make 100 % together), and what an entry of `unknowns` covers (its own law is shown instead).
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from sim.scenario import Evidence, Scenario, ScenarioFile
from sim.views.explorer.control import Control
from sim.views.explorer.naming import is_unknown, law_path, parameter
from sim.views.explorer.walk import Walk

MAIN = (
    ("events.*.notice", 2),
    ("response.replace.*.search.acceptance", 1),
    ("response.replace.*.search.candidates", 1),
    ("response.replace.*.search.reply", 1),
    ("response.replace.*.search.at_once", 1),
    ("response.replace.*.tasks.*.data", 1),
    ("response.replace.*.tasks.*.bandwidth", 1),
    ("response.replace.*.prepared", 1),
    ("response.engineers", 1),
    ("backups", 1),
    ("backups.every", 1),
    ("users*.patience", 2),
    ("users*.returns.rate", 1),
    ("users*.churn", 1),
)
"""What decides most in most scenarios, in this order, and how many of each are shown first."""

CENTRAL = ("", "value", "likely", "mean", "median", "scale", "high")
"""Of the numbers of one law, the one that is moved first."""


def controls(
    file: ScenarioFile, strategy: str | None = None, *, individuals: bool = False
) -> tuple[Control, ...]:
    """Every control of a strategy (default: the baseline), those shown first in front.

    Parameters
    ----------
    individuals
        Whether users are followed as individuals in a network of friends, which has inputs of its own.
    """
    scenario = file.scenario(strategy)
    evidence = {item.path: item for item in file.evidence[strategy or file.baseline]}
    found = [_with_evidence(each, evidence) for each in Walk(scenario, individuals=individuals).all()]
    return _ordered(scenario, found)


def _with_evidence(control: Control, evidence: dict[str, Evidence]) -> Control:
    paths = [control.path, *(f"{control.path}.{name}" for name in ("likely", "median") if control.whole)]
    known = next((evidence[path] for path in paths if path in evidence), None)
    if known is None:
        return control
    # A number is shown as the file has it: "2.3 million" rather than 2300000.
    text = known.text if control.kind == "number" and known.origin != "default" else control.text
    mark = "choice" if known.choice else known.mark
    return replace(control, text=text, origin=known.origin, mark=mark, note=known.note)


def _ordered(scenario: Scenario, found: list[Control]) -> tuple[Control, ...]:
    """The same with the most telling in front, those about the headline's roles before others."""
    near = _roles_of(scenario, scenario.headline)
    first: list[Control] = []
    for pattern, most in MAIN:
        if pattern == "backups" and not any(each.holds_data for each in scenario.suppliers.values()):
            continue  # backups of nothing are refused
        matching = [each for each in found if fnmatchcase(law_path(each.path), pattern)]
        central = [each for each in matching if _is_central(each, matching)]
        # What nobody knows is worth moving most, and what all segments inherit more than what one says.
        central.sort(
            key=lambda each: (
                not _is_near(scenario, each.path, near),
                not is_unknown(each.path),
                each.path.count("."),
            )
        )
        first += [each for each in central if each not in first][:most]
    numbered = [replace(each, main=place) for place, each in enumerate(first, start=1)]
    return (*numbered, *(each for each in found if each not in first))


def _roles_of(scenario: Scenario, capability: str) -> set[str]:
    """Roles and capabilities that a capability needs, directly or not."""
    found: set[str] = set()
    ahead = [capability]
    while ahead:
        name = ahead.pop()
        if name in found:
            continue
        found.add(name)
        if name in scenario.capabilities:
            ahead += _names(scenario.gate(name))
    return found


def _names(gate: Any) -> list[str]:
    """The names in a gate, however deep."""
    if isinstance(gate, str):
        return [gate]
    if isinstance(gate, tuple):
        return [name for each in gate for name in _names(each)]
    fields = getattr(type(gate), "__dataclass_fields__", None) or getattr(type(gate), "model_fields", {})
    return [name for field in fields for name in _names(getattr(gate, field))]


def _is_near(scenario: Scenario, path: str, near: set[str]) -> bool:
    """Whether a path is about what the headline needs, or about no role."""
    steps = path.removeprefix("unknowns.").split(".")
    if steps[0] == "events":
        event = scenario.event(steps[1])
        return event is None or event.of in near
    return steps[0] != "response" or len(steps) < 3 or steps[2] in near


def _is_central(control: Control, among: list[Control]) -> bool:
    """Whether it is the number of its law that is moved first."""
    names = [parameter(each.path) for each in among if law_path(each.path) == law_path(control.path)]
    central = next((name for name in CENTRAL if name in names), names[0])
    return parameter(control.path) == central and ".correlation" not in control.path
