"""The report: one self-contained page of findings, figures, sources and limits.

In: the `Case` of each strategy, the main one first. Out: HTML without a script or a request; the page says
so itself with a content policy that would refuse any. Figures are inline SVG with their meaning in words
and their numbers in a table, so nothing is told by a picture alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.views import sentences, wording
from sim.views.answer import answer
from sim.views.case import Case, Difference, Input
from sim.views.figures.picture import Picture
from sim.views.limits import limits
from sim.views.quantiles import quantile
from sim.views.story import Story, tell
from sim.views.summary import capabilities, measure_name, of_whole, shown, summary
from sim.views.table import Table
from sim.views.unbroken import unbroken

if TYPE_CHECKING:
    from sim.views.comparison import Comparison
    from sim.views.sensitivity import Explanation


@dataclass(frozen=True, slots=True)
class Report:
    """The page. In a notebook it shows itself."""

    html: str

    def save(self, path: Path) -> Path:
        """Write the page, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".part")
        beside.write_text(self.html, encoding="utf-8")
        return beside.replace(path)

    def __str__(self) -> str:
        return self.html

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that its style does not leak into the notebook."""
        from html import escape

        page = escape(self.html, quote=True)
        return f'<iframe srcdoc="{page}" style="width:100%;height:40rem;border:0"></iframe>'


@dataclass(frozen=True, slots=True)
class Other:
    """A strategy besides the main one."""

    label: str
    findings: tuple[str, ...]
    summary: Table


def report(
    cases: Sequence[Case],
    pictures: Sequence[Picture],
    *,
    comparison: Comparison | None = None,
    leaves_open: Mapping[str, str] | None = None,
    differences: Mapping[str, Sequence[Difference]] | None = None,
    resolved: str = "",
    manifest: Mapping[str, str] | None = None,
    shares: Explanation | None = None,
) -> Report:
    """Write the page.

    Parameters
    ----------
    cases
        One a strategy; the first is the one told at length, and the baseline of the differences.
    pictures
        Figures of the first, drawn.
    comparison
        The strategies pair by pair, with their figures; None without figures, or where there is one strategy.
    leaves_open
        What a strategy does not protect from, by its name.
    differences
        For every other strategy (by its name) its measures minus the first's.
    resolved
        The scenario with every default filled in, YAML.
    manifest
        What ran, in words: shown as it is under Provenance.
    shares
        The sensitivity study of the first, if there is one.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sim.views"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.filters["whole"] = unbroken
    css = environment.loader.get_source(environment, "report.css")[0]  # type: ignore[union-attr]
    page = environment.get_template("report.html.j2")
    fields = {
        **_words(cases[0]),
        **_tables(cases[0]),
        **_strategies(cases, differences or {}, leaves_open or {}),
    }
    story = tell(cases[0])
    contents = _contents(cases, pictures, fields)
    changes = answer(cases[0], comparison, with_figures=bool(pictures))
    return Report(
        page.render(
            case=cases[0], pictures=pictures, story=story, css=css, contents=contents, resolved=resolved,
            provenance=_provenance(cases[0], manifest or {}), limits=limits(cases[0]),
            side_by_side=comparison, answer=changes, shares=shares, **fields,
        )
    )  # fmt: skip


def _words(case: Case) -> dict[str, object]:
    """Sentences and the few phrases of the head."""
    found = sentences.findings(case)
    lead = [s.text for s in found if s.topic in {"downtime", "users"}]
    rest = [s.text for s in found if s.topic not in {"downtime", "users", "evidence"}]
    told = sentences.evidence(case)
    return {
        "lead": lead,
        "findings": rest,
        "evidence_sentence": told.text if told else "",
        "horizon": wording.duration(case.horizon),
        "horizon_short": wording.short_duration(case.horizon),
        "begins": wording.date(case.start, 0.0),
    }


def _tables(case: Case) -> dict[str, Table]:
    """The tables that stand on their own."""
    assumed = [i for i in case.evidence if i.assumed]
    sourced = [i for i in case.evidence if not i.assumed]
    header = ("Input", "Value", "Where from", "Why")
    return {
        "summary": summary(case),
        "capabilities": capabilities(case),
        "observed": observed(case),
        "checks": checks(case),
        "unknowns": _unknowns(case),
        "sources": Table(
            "Inputs with a source", ("Input", "Value", "Where from", "Source"), _inputs(sourced)
        ),
        "assumptions": Table("Inputs that are assumptions", header, _inputs(assumed)),
    }


def _inputs(inputs: Sequence[Input]) -> tuple[tuple[str, ...], ...]:
    origins = {"file": "the scenario", "default": "default", "set": "set for this run"}
    return tuple(
        (i.path, i.value, origins.get(i.origin, i.origin), i.because or "Assumption") for i in inputs
    )


def observed(case: Case) -> Table:
    """What really happened beside what was simulated."""
    rows = []
    for seen in case.observed:
        known = np.where(seen.open, np.inf, seen.simulated)
        low, high = (shown(case.scenario, seen.kind, quantile(known, share)) for share in (0.05, 0.95))
        value = sentences.told(seen, seen.value)
        ends = [sentences.told(seen, end) for end in (seen.low, seen.high)]
        if ends[0] != ends[1]:
            value += f" ({ends[0]} to {ends[1]})"
        if seen.at is not None:
            value += f" of {wording.count(seen.of)} {seen.of_label} on {wording.date(case.start, seen.at)}"
        below = int((seen.simulated[~seen.open] < seen.value).sum())
        rows.append(
            (
                wording.capital(seen.label),
                value,
                f"{low} to {high}",
                wording.out_of(below, seen.simulated.size),
                seen.source or "–",
            )
        )
    header = ("What", "Really happened", "9 runs in 10 lie between", "Runs below", "Source")
    return Table("Observed values and the simulated range", header, tuple(rows))


def checks(case: Case) -> Table:
    """Targets and claims with the share of runs that meet them."""
    words = {"": "target", "pass": "holds", "fail": "fails", "undecided": "undecided"}
    rows = [
        (
            check.text,
            wording.out_of(check.met, check.runs),
            f"{wording.percent(check.low, 2)} to {wording.percent(check.high, 2)}",
            "–" if check.needed is None else wording.percent(check.needed),
            words[check.verdict],
        )
        for check in case.checks
    ]
    return Table(
        "Targets and claims", ("What", "Met in runs", "95 % interval", "Claimed", "Verdict"), tuple(rows)
    )


def _unknowns(case: Case) -> Table:
    """The laws of what nobody knows, one value a run."""
    rows = tuple((path, law_words(case, path)) for path in case.scenario.unknowns)
    return Table("Unknowns: nobody knows these, so each run draws its own", ("Input", "Law"), rows)


def law_words(case: Case, path: str) -> str:
    """An unknown's law as text: ``low 5 %, likely 20 %, high 50 %``."""
    from sim.scenario.law_text import write_law
    from sim.scenario.paths import find

    dimension = find(case.scenario, path).dimension
    written = write_law(case.scenario.unknowns[path], dimension) if dimension is not None else ""
    if not isinstance(written, dict):
        return str(written)
    return f"{written.pop('law')}: " + ", ".join(f"{key} {value}" for key, value in written.items())


def _strategies(
    cases: Sequence[Case], differences: Mapping[str, Sequence[Difference]], leaves_open: Mapping[str, str]
) -> dict[str, object]:
    """Everything about the strategies besides the first."""
    first = cases[0]
    said, rows = [], []
    for case in cases[1:]:
        for each in differences.get(case.provenance.strategy, ()):
            if not of_whole(each.measure) or each.kind in {"flag", "text"}:
                continue
            what, told = measure_name(case.scenario, each.measure), partial(shown, case.scenario, each.kind)
            if each.measure in {"downtime", "users_lost", "cost"}:
                half = told((each.high - each.low) / 2, 2)
                said.append(sentences.compare(each, case.label, first.label, told(abs(each.mean)), half).text)
            if any((each.mean, each.low, each.high)):
                note = " (unfinished runs count as far as they went)" if each.restricted else ""
                rows.append(
                    (case.label, what + note, told(each.mean), f"{told(each.low)} to {told(each.high)}")
                )
    header = ("Strategy", "Measure", f"Minus “{first.label}”, on average", "95 % interval")
    return {
        "several": len(cases) > 1,
        "baseline": first.label,
        "comparisons": said,
        "comparison": Table("Differences, pair by pair", header, tuple(rows)),
        "open_ends": [
            (case.label, leaves_open[case.provenance.strategy])
            for case in cases
            if leaves_open.get(case.provenance.strategy)
        ],
        "others": [
            Other(case.label, tuple(s.text for s in sentences.findings(case)), summary(case))
            for case in cases[1:]
        ],
    }


def _contents(
    cases: Sequence[Case], pictures: Sequence[Picture], fields: Mapping[str, object]
) -> list[tuple[str, str]]:
    """The sections that this page has."""
    has = {
        "figures": bool(pictures),
        "observed": bool(cases[0].observed),
        "targets": bool(cases[0].checks),
        "strategies": bool(fields["several"]),
    }
    sections = {
        "story": "A typical run", "findings": "Findings", "summary": "Summary", "figures": "Figures",
        "observed": "What really happened", "targets": "Targets and claims", "strategies": "Strategies",
        "answer": "What would change it", "counterfactual": "Counterfactual",
        "assumptions": "Assumptions", "limits": "Limits",
        "scenario": "Scenario", "provenance": "Provenance",
    }  # fmt: skip
    return [(anchor, title) for anchor, title in sections.items() if has.get(anchor, True)]


def _provenance(case: Case, manifest: Mapping[str, str]) -> list[tuple[str, str]]:
    """What ran."""
    origin = case.provenance
    known = {
        "Scenario": origin.scenario,
        "Digest": origin.digest,
        "Seed": str(origin.seed),
        "Replications": f"{origin.replications:,}",
        "Version": f"hostfall {origin.version}",
    }
    return list({**known, **manifest}.items())


__all__ = ["Report", "Story", "report"]
