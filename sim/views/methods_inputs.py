"""The data of a methods section: every input, where it comes from, and how many are assumptions.

In: a `Study`. Out: blocks of Markdown, items 3.1 to 3.4 of STRESS-DES.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.views import wording
from sim.views.markdown import AUTHOR, bullets, table

if TYPE_CHECKING:
    from sim.scenario import Evidence, Scenario
    from sim.study import Study


def inputs(study: Study) -> list[str]:
    """Items 3.1 to 3.4."""
    part = study.part()
    rows = study.file.evidence[part.strategy]
    facts = [row for row in rows if not row.choice]
    choices = [row for row in rows if row.choice]
    return [
        "### 3.1 Data sources",
        *_sources(facts),
        "### 3.2 Pre-processing",
        "None by the program: values are used as the scenario file says them, in its units, converted once.",
        f"{AUTHOR}: how values in the file were derived from their sources.",
        "### 3.3 Input parameters",
        *_parameters(study, facts, choices),
        *_unknowns(part.scenario),
        "### 3.4 Assumptions",
        *_assumptions(facts),
    ]


def _sources(facts: Sequence[Evidence]) -> list[str]:
    if not facts:
        return [
            "Where the inputs come from is not kept with these results; it stands in the scenario file that "
            "was run."
        ]
    sourced = [row for row in facts if row.mark == "source"]
    told = f"Of {wording.plural(f'{len(facts):,}', 'input')} {_have(len(sourced))} a source"
    if not sourced:
        return [f"{told}; all are assumptions (3.4)."]
    uses = Counter(row.note for row in sourced)
    listed = [f"{note} ({wording.plural(f'{count}', 'input')})" for note, count in uses.items()]
    return [f"{told}:", bullets(listed)]


def _have(number: int) -> str:
    return f"{number:,} {'has' if number == 1 else 'have'}" if number else "none has"


def _parameters(study: Study, facts: Sequence[Evidence], choices: Sequence[Evidence]) -> list[str]:
    """Every input with its value; without evidence, where they can be read."""
    if not facts:
        return ["All inputs, with every default written out: `scenario.yaml` in the folder of results."]
    label = study.file.labels[study.part().strategy]
    return [
        f"Inputs of the base case ({label}); a law is told parameter by parameter:",
        table(("input", "value", "where from"), [(f"`{row.path}`", row.text, _from(row)) for row in facts]),
        "Chosen by the author (no evidence can be right or wrong about these):",
        table(("choice", "value"), [(f"`{row.path}`", row.text) for row in choices]),
    ]


def _from(row: Evidence) -> str:
    """``source: …``, ``Assumption``, ``default, Assumption: …``."""
    origin = {"file": "", "default": "default, ", "set": "set for this study, "}[row.origin]
    word = "source" if row.mark == "source" else "Assumption"
    return f"{origin}{word}" + (f": {row.note}" if row.note else "")


def _unknowns(scenario: Scenario) -> list[str]:
    from sim.scenario.law_text import write_law
    from sim.scenario.paths import find

    if not scenario.unknowns:
        return ["No unknown parameter is varied: ranges over the replications are due to chance alone."]
    rows = []
    for path, law in scenario.unknowns.items():
        dimension = find(scenario, path).dimension
        written = write_law(law, dimension) if dimension is not None else ""
        told = (
            ", ".join(f"{key} {value}" for key, value in written.items())
            if isinstance(written, dict)
            else written
        )
        rows.append((f"`{path}`", str(told)))
    number = wording.plural(f"{len(rows)}", "parameter")
    return [
        f"{number} that nobody knows {'are' if len(rows) > 1 else 'is'} drawn anew for each replication, "
        "independently; ranges over the replications are due to chance and to these:",
        table(("parameter", "law"), rows),
    ]


def _assumptions(facts: Sequence[Evidence]) -> list[str]:
    if not facts:
        return ["Not kept with these results; see 3.1."]
    assumed = [row for row in facts if row.mark == "assumption"]
    defaults = sum(row.origin == "default" for row in assumed)
    told = (
        f"{len(assumed):,} of {wording.plural(f'{len(facts):,}', 'input')} are assumptions, {defaults:,} of "
        "them defaults of the program. The simulation error says nothing about them."
    )
    if not assumed:
        return [told]
    grouped: dict[str, list[str]] = {}
    for row in assumed:
        grouped.setdefault(row.note or "no reason given", []).append(f"`{row.path}` = {row.text}")
    return [told, bullets(f"{note}: {'; '.join(paths)}" for note, paths in grouped.items())]
