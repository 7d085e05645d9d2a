"""The reference of the scenario language, made from the models that the loader uses.

    python docs/language.py          write docs/language.md

No meaning, default or source is typed twice: they stand beside each field in sim/scenario. A test compares.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "language.md"

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

INTRODUCTION = """# The scenario language

<!-- written by docs/language.py from sim/scenario; do not edit -->

One YAML file describes one situation. The smallest whole case is
[scenarios/host_suspended.yaml](../scenarios/host_suspended.yaml). `python run_scenario.py check FILE`
prints every input with its default and where it comes from; [scenario.schema.json](scenario.schema.json)
lets an editor complete and explain.

**Quantities** carry their unit: `36 h`, `5 d`, `12 TB`, `500 Mbit/s`, `20 %`, `2.3 million`, `20000 per
day`; hazards (rates at which something happens to one user) are `0.1 % per day`.

**Instants** are UTC (`2025-03-10T08:00Z`) or a duration after the start (`9 d`).

**Laws** stand wherever a quantity may be uncertain:

| written | law |
|---|---|
| `5 d` | constant |
| `{low: 1 d, likely: 2 d, high: 7 d}` | beta-PERT, with its exact variance |
| `{low: 1 d, high: 7 d}` | uniform |
| `{mean: 36 h}` | exponential |
| `{median: 5 d, p90: 20 d}` | lognormal |
| `{values: [1 d, 2 d, 2 d]}` | one of these, equally likely |
| `{law: lognormal, mean: 5 d, cv: 0.8}` | lognormal by mean and coefficient of variation |
| `{law: weibull, shape: 0.8, scale: 45 d}` | Weibull, survival exp(-(t / scale)^shape) |
| `{law: gamma, shape: 2, scale: 3 d}` or `{law: gamma, mean: .., cv: ..}` | gamma |
| `{law: triangular, low: .., likely: .., high: ..}` | triangular |
| `{law: mixture, of: [{mean: 10 d}, {mean: 90 d}], shares: [60 %, 40 %]}` | several kinds, with shares |
| `{law: frailty, of: {mean: 30 d}, variance: 0.5}` | a hazard times one's own gamma factor |
| `{mean: 20 %, correlation: 0.09}` (an acceptance) | Beta, one draw shared by the candidates of a search |

**Evidence** goes with any value: `{value: 70 TB, source: "..."}` or `{value: 70 TB, assumption: "why"}`.
A value with neither counts as an assumption.

**Unknowns** give a law to a parameter nobody knows, one value for a whole run: `unknowns:
{users.segments.casual.patience.scale: {median: 45 d, p90: 110 d}}`. A part of a mixture goes by its place:
`users.patience.of.1.mean`.

**Strategies** are named patches, merged key by key; a list replaces, `null` removes. `run` runs them all
on the same draws and compares each with the `baseline`.

A strategy may start from the library (`use: warm_standby`, `use: [documented_plan, offsite_backups]`, with
`role:` if the host is called otherwise); `python run_scenario.py strategies` lists it. A file may start from
another (`extends: parler_2021.yaml`) and say only what differs. A mapping over a list changes its items:
events by their ids, others by their place from 1.

A file is data: reading one never runs code. Unknown keys are errors, and all errors are told at once.
"""


def page() -> str:
    """The whole page."""
    from sim.scenario import crowd
    from sim.scenario.claims import Claim, Observation, Targets
    from sim.scenario.happenings import Event
    from sim.scenario.model import Scenario
    from sim.scenario.people import Returns, Segment, Users
    from sim.scenario.platform import Backups, Capability, Clock, Failures, Group, Leaving, Supplier
    from sim.scenario.response import (
        Appeal,
        Candidate,
        CutOver,
        RampUp,
        Replacement,
        Response,
        Search,
        Service,
        Task,
    )

    places: dict[str, type[BaseModel]] = {
        "(the file)": Scenario,
        "clock": Clock,
        "suppliers.<role>": Supplier,
        "suppliers.<role>.fails, groups.<group>.fails": Failures,
        "suppliers.<role>.leaves": Leaving,
        "groups.<group>": Group,
        "capabilities.<capability>": Capability,
        "users": Users,
        "users.segments.<segment>": Segment,
        "users.returns": Returns,
        "users.stigma, .segments.<segment>.stigma": crowd.Stigma,
        "users.friends, .segments.<segment>.friends": crowd.Friends,
        "users.newcomers, .segments.<segment>.newcomers": crowd.Newcomers,
        "users.moves, .segments.<segment>.moves": crowd.Moves,
        "users.rivals.<rival>": crowd.Rival,
        "users.reopening": crowd.Reopening,
        "users.network": crowd.Network,
        "events": Event,
        "response": Response,
        "response.replace.<role>": Replacement,
        "response.replace.<role>.search": Search,
        "response.replace.<role>.search.candidates, .standby, .fallback": Candidate,
        "response.replace.<role>.tasks.<task>": Task,
        "response.replace.<role>.tasks.<task>.lock_in.<service>": Service,
        "response.replace.<role>.cut_over": CutOver,
        "response.replace.<role>.ramp_up": RampUp,
        "response.appeal.<role>": Appeal,
        "backups": Backups,
        "targets": Targets,
        "expect": Claim,
        "observed": Observation,
    }
    return "\n".join([INTRODUCTION, *(section(place, model) for place, model in places.items())])


def section(place: str, model: type[BaseModel]) -> str:
    """One record: what it is, and a row a field."""
    # As code, or a reader's browser takes <role> for a tag of HTML and shows nothing in its place.
    heading = place if place.startswith("(") else f"`{place}`"
    lines = [f"## {heading}", "", " ".join((model.__doc__ or "").split()), ""]
    lines += ["| field | meaning | left out | example |", "|---|---|---|---|"]
    lines += [row(name, info) for name, info in model.model_fields.items()]
    return "\n".join([*lines, ""])


def row(name: str, info: FieldInfo) -> str:
    """A field: name, meaning, default with its evidence, example."""
    from sim.scenario.annotations import extra_of

    extra = extra_of(info)
    cells = [f"`{name}`", info.description or "", left_out(info, extra), example(extra)]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def left_out(info: FieldInfo, extra: dict[str, Any]) -> str:
    """What holds where the field is not given, and why."""
    if info.is_required():
        return "*must be given*"
    value = info.get_default(call_default_factory=False)
    shown = written(value, info)
    if extra.get("assumption"):
        return f"{shown} *Assumption*: {extra['assumption']}".strip()
    if extra.get("source"):
        return f"{shown} [{extra['source']}]".strip()
    return shown


def written(value: object, info: FieldInfo) -> str:
    """A default as one would write it; nothing where it is empty or worked out."""
    from sim.scenario.annotations import quantity_of
    from sim.scenario.law_text import write_amount

    if value is None or isinstance(value, (str, tuple, dict)):
        return f"`{value}`" if isinstance(value, str) and value else ""
    quantity = quantity_of(info)
    if quantity is not None and isinstance(value, (int, float)):
        return f"`{write_amount(float(value), quantity.dimension)}`"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    return f"`{value}`" if isinstance(value, (int, float)) else ""


def example(extra: dict[str, Any]) -> str:
    """An example as YAML in one line."""
    found = extra.get("example")
    return "" if found is None else f"`{str(found).replace(chr(39), '')}`"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
