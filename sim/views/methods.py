"""The methods section of a paper: the items of STRESS-DES, filled in from a finished study.

In: a `Study`. Out: Markdown, to be edited: what only the author knows (why these scenarios, where the code
will be kept) is marked as such. Everything else is read from the scenario and the manifest, so that it cannot
drift from what was run.

References
----------
Monks, Currie, Onggo, Robinson, Kunc and Taylor 2019, "Strengthening the reporting of empirical simulation
studies: Introducing the STRESS guidelines", Journal of Simulation 13(1), 55-67,
doi 10.1080/17477778.2018.1442155.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.demand.resolution import steps_needed
from sim.outcomes import MEASURES, rival_of
from sim.study.apart import fields_apart
from sim.views import wording
from sim.views.gather import gather
from sim.views.happenings import phrase, removed
from sim.views.labels import supplier
from sim.views.limits import limits
from sim.views.markdown import AUTHOR, bullets, table
from sim.views.methods_inputs import inputs
from sim.views.methods_run import experimentation, implementation

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.response import Replacement
    from sim.study import Study

_LOGIC = (
    "Each replication has two halves. The supply side is a discrete-event simulation: suppliers act, the "
    "operator notices, searches for replacements and works, and the result is the capacity of every "
    "capability over time. The demand side computes what the users of each segment do given that timeline: "
    "they wait, leave, come back, join or cannot. Nothing flows back from users to suppliers. Every "
    "replication has its counterfactual: the same random numbers in a world in which nothing takes a "
    "supplier away. Losses are measured against it. Equations: docs/model.md of the simulator."
)


def methods(study: Study) -> str:
    """The items of STRESS-DES for a study, as Markdown.

    Where the sources of inputs are not kept with the results, that is said, and nothing is called an
    assumption that may be none.
    """
    part = study.part()
    scenario = part.scenario
    blocks = [
        f"# Methods: {scenario.title}",
        "Reported after STRESS-DES (Monks et al. 2019, Journal of Simulation 13(1), 55-67, doi "
        f"10.1080/17477778.2018.1442155). Written by hostfall {_version(study)} from the study "
        f"`{study.manifest['digest']}` of the scenario `{scenario.name}`.",
        "## 1 Objectives",
        *_objectives(study, scenario),
        "## 2 Logic",
        *_logic(study, scenario),
        "## 3 Data",
        *inputs(study),
        "## 4 Experimentation",
        *experimentation(study),
        "## 5 Implementation",
        *implementation(study),
        "## 6 Code access",
        *_access(study),
    ]
    return "\n\n".join(blocks) + "\n"


def _version(study: Study) -> str:
    return str(study.manifest.get("versions", {}).get("hostfall", "unknown"))


# -- 1 -----------------------------------------------------------------------------------------------------


def _objectives(study: Study, scenario: Scenario) -> list[str]:
    about = f" {wording.capital(scenario.about.strip())}" if scenario.about.strip() else ""
    names = [f"`{name}` ({study.file.labels[name]})" for name in study.strategies]
    aims = (
        f"Scenario-based: {len(names)} strategies are compared, {wording.listing(names)}; the baseline is "
        f"`{study.part().strategy}`. They differ as said in 2.3."
        if len(names) > 1
        else "One strategy is simulated; its losses are compared with the counterfactual."
    )
    return [
        "### 1.1 Purpose of the model",
        f"How long a platform is down, and how many users it loses, when suppliers stop serving it.{about}",
        f"{AUTHOR}: the research question.",
        "### 1.2 Model outputs",
        "One value a replication, computed after the run from what was recorded. Intervals of means are 95 % "
        "t intervals over replications, of shares Wilson's (of claims Clopper and Pearson's), of quantiles "
        "those of order statistics; a time that the horizon cut is right-censored and has no mean.",
        bullets(
            f"`{one.name}` ({_unit(one.unit, scenario)}): {one.meaning}"
            for one in study.part().measures.values()
            if one.name in MEASURES or rival_of(one.name)
        ),
        f"Times are those of the headline capability `{scenario.headline}`; downtime and recovery are also "
        "measured for each other capability.",
        "### 1.3 Experimentation aims",
        f"{aims} No optimisation and no design of experiments.",
        f"{AUTHOR}: why these.",
    ]


def _unit(unit: str, scenario: Scenario) -> str:
    return {"users": scenario.users.unit, "currency": scenario.currency}.get(unit, unit)


# -- 2 -----------------------------------------------------------------------------------------------------


def _logic(study: Study, scenario: Scenario) -> list[str]:
    return [
        "### 2.1 Base model overview diagram",
        "What people can do, and what that needs (`hostfall structure` draws it):",
        bullets(_needs(scenario)),
        "### 2.2 Base model logic",
        _LOGIC,
        "Limits, of the model and of this study:",
        bullets(limits(gather(study))),
        "### 2.3 Scenario logic",
        "The counterfactual leaves out:",
        bullets(removed(scenario) or ("nothing: no event takes a supplier away",)),
        *_strategies(study, scenario),
        "### 2.4 Algorithms",
        "Refusals: candidate j accepts if its uniform number is below its probability, which all candidates "
        "of one search share through a Beta law where a correlation is given. Hazards that depend on the "
        "state: the event comes when the integrated hazard reaches the negative logarithm of one uniform "
        "number. Critical path: from the end of an outage back to what finished last, which adds up to the "
        f"downtime. Users: {_followed(study, scenario)}",
        "### 2.5 Components",
        f"**Entities.** Suppliers: {_named(scenario)}. Users in segments: {_segments(scenario)}.",
        f"**Activities.** {_activities(scenario)}",
        f"**Resources.** {_resources(scenario)}",
        "**Queues.** Tasks wait for engineers strictly first come, first served, those that become ready at "
        "one instant in file order; a task takes all the engineers it needs at once. Nobody leaves that "
        "queue but by cancellation. Users who find a capability down wait, and leave by the law of their "
        f"segment's patience.{_door(scenario)}",
        f"**Entry and exit points.** {_entries(scenario)}",
    ]


def _followed(study: Study, scenario: Scenario) -> str:
    """How the numbers of users are found."""
    if study.users == "graph":
        return "individuals in a network of friends, hour by hour; newcomers are counted beside them."
    if steps_needed(scenario):
        return {
            "expected": "expected numbers in the limit of many users, in steps of second order in time, "
            "extrapolated from steps and half steps, and shortened until the two agree.",
            "sampled": "whole users, drawn in short steps of time, each step given the numbers before it.",
        }[study.users]
    return "expected numbers, exact between the instants at which anything changes" + (
        ", here drawn as whole users." if study.users == "sampled" else "."
    )


def _door(scenario: Scenario) -> str:
    if scenario.users.reopening is None:
        return ""
    return (
        " When the service returns, those who waited and those who come back stand at one door, which lets "
        "in so many an hour times the capacity of what serves them, whoever stands there being as likely to "
        "be next."
    )


def _needs(scenario: Scenario) -> list[str]:
    from sim.scenario.gates import write_gate

    return [f"`{name}`: {_gate(write_gate(scenario.gate(name)))}" for name in scenario.capabilities]


def _gate(written: object) -> str:
    """A gate in words: ``all of host, dns``."""
    if isinstance(written, dict):
        (kind, items), *rest = written.items()
        if kind == "at_least":
            return f"at least {items} of ({_gate(rest[0][1])})"
        if isinstance(items, dict):
            return ", ".join(f"{share} by {name}" for name, share in items.items())
        return f"{kind} of ({_gate(items)})"
    if isinstance(written, list):
        return ", ".join(_gate(item) for item in written) or "nothing"
    return f"`{written}`"


def _strategies(study: Study, scenario: Scenario) -> list[str]:
    """What each strategy changes against the baseline."""
    base = study.part().strategy
    parts = []
    for name in study.strategies:
        if name == base:
            continue
        changed = fields_apart(scenario, study.part(name).scenario)
        rows = [(f"`{each.path}`", each.first or "–", each.second or "–") for each in changed]
        parts += [f"Strategy `{name}` ({study.file.labels[name]}) against `{base}`:"]
        parts += [table(("input", base, name), rows) if rows else "The same inputs."]
    return parts


def _named(scenario: Scenario) -> str:
    return ", ".join(
        f"`{role}` ({supplier(scenario, role)}, {one.kind})" for role, one in scenario.suppliers.items()
    )


def _segments(scenario: Scenario) -> str:
    return ", ".join(f"`{name}`" for name in scenario.users.segments) or "one"


def _activities(scenario: Scenario) -> str:
    plans = [_plan(role, plan) for role, plan in scenario.response.replace.items()]
    if not plans:
        return "The operator does nothing; a supplier comes back by itself or not at all."
    return f"The operator's response begins at the {scenario.response.starts}. {' '.join(plans)}"


def _plan(role: str, plan: Replacement) -> str:
    tasks = [
        f"`{name}`" + (f" after {', '.join(task.after)}" if task.after else "")
        for name, task in plan.tasks.items()
    ]
    search = "a search among candidates, " if plan.search is not None else ""
    return f"To replace `{role}`: {search}tasks {'; '.join(tasks) or 'none'}."


def _resources(scenario: Scenario) -> str:
    number = scenario.response.engineers
    if number is None:
        return "Engineers: as many as the tasks need; nothing waits for them."
    return f"{wording.plural(f'{number:,}', 'engineer')} in one pool for all roles."


def _entries(scenario: Scenario) -> str:
    clock = scenario.clock.calendar
    happen = [
        f"{phrase(scenario, event)} ({clock.format(event.at, year=True, zone=True)})"
        for event in sorted(scenario.events, key=lambda event: event.at)
    ]
    return (
        f"Events at set instants: {'; '.join(happen) or 'none'}. Users enter through "
        f"`{scenario.users.join_by}` at the segments' rates of joining, and leave for good by ordinary churn "
        "or because of an outage."
    )


# -- 6 -----------------------------------------------------------------------------------------------------


def _access(study: Study) -> list[str]:
    manifest = study.manifest
    command = str(manifest.get("command") or "")
    made = f" Made by `{command}`." if command and not command.startswith("sim.") else ""
    return [
        "### 6.1 Computer model sharing statement",
        f"hostfall {_version(study)}, MIT licence. The folder of results holds `scenario.yaml`, in which "
        "every default is written out: with the versions in 5.1 it runs to the same numbers, under the "
        f"digest `{manifest['digest']}`.{made}",
        f"{AUTHOR}: where code, scenario and results are archived, with DOI.",
    ]
