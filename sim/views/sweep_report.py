"""The page of a sweep: one self-contained file of findings, figures, tables, limits and provenance.

In: a `Swept`. Out: HTML without a script or a request, in the look of the report of a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.views import wording
from sim.views.report import Report
from sim.views.sweep_sentences import notes, shown_measures
from sim.views.sweep_wording import label, named, quoted, value_words
from sim.views.table import Table
from sim.views.unbroken import unbroken

if TYPE_CHECKING:
    from sim.study.sweep import Field
    from sim.views.sweep import Swept

METHODS = {"grid": "all combinations (grid)", "lhs": "a Latin hypercube", "sobol": "scrambled Sobol points"}


def report(swept: Swept) -> Report:
    """Write the page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    import sim

    environment = Environment(loader=PackageLoader("sim.views"), autoescape=True, undefined=StrictUndefined)
    environment.filters["whole"] = unbroken
    css = environment.loader.get_source(environment, "report.css")[0]  # type: ignore[union-attr]
    study = swept.study
    known = {one.text for one in notes(study)}
    lead = [one.text for one in swept.sentences if one.topic == "even"][:3]
    rest = [one.text for one in swept.sentences if one.text not in {*lead, *known}]
    page = environment.get_template("sweep_report.html.j2")
    return Report(
        page.render(
            css=css, title=swept.title, about=study.file.about, lead=lead, findings=rest,
            notes=[one.text for one in notes(study)], fields=_fields(swept), head=_head(swept),
            pictures=list(swept.figures.values()), tables=_apart(swept), limits=_limits(swept),
            provenance=_provenance(swept), version=sim.__version__, source=swept.source,
        )
    )  # fmt: skip


def _head(swept: Swept) -> str:
    """What was done, in one sentence."""
    study = swept.study
    fields = wording.listing([quoted(study, field) for field in study.fields])
    names = wording.listing([f"“{label(study, name)}”" for name in study.strategies])
    with_ = f" with {names}" if len(study.strategies) > 1 else ""
    unknown = any(study.file.scenario(name).unknowns for name in study.strategies)
    band = "chance and unknowns" if unknown else "chance only"
    points = f"{len(study.designed)} points, {study.replications:,} runs each{with_}, {band}"
    return f"Varied: {fields}, over {points}."


def _fields(swept: Swept) -> Table:
    """What was varied."""
    study = swept.study
    rows = tuple(
        (wording.capital(named(study, field)), _range(swept, field), field.path) for field in study.fields
    )
    return Table("What is varied", ("Field", "Values", "Path in the scenario"), rows)


def _range(swept: Swept, field: Field) -> str:
    """From where to where, and in which steps."""
    values = [value_words(swept.study, field, value) for value in field.values]
    if not field.is_range:
        return ", ".join(values)
    steps = ", even steps in the logarithm" if field.log else ""
    return f"{values[0]} to {values[-1]}{steps}"


def _apart(swept: Swept) -> list[Table]:
    """Tables that stand under no picture: where strategies swap."""
    return [swept.tables["break_even"]] if "break_even" in swept.tables else []


def _limits(swept: Swept) -> list[str]:
    """What the page cannot say."""
    said = [
        "Only what is varied is varied: every other number of the scenario stays as it is, assumptions "
        "included, and another combination may move a result otherwise.",
        "Between two points nothing was simulated; lines only join them.",
        "A sweep says what follows from a value, not how likely that value is.",
    ]
    if swept.study.break_evens:
        said.append(
            "A break-even is one of averages, within the range that was looked at; single runs turn out "
            "either way on both sides of it."
        )
    measures = [swept.study.measures[name] for name in shown_measures(swept.study)]
    if any(one.censored_by is not None for one in measures):
        said.append(
            "A time that a run had not finished when the simulation ended counts as longer than all others; "
            "no average is shown then, and differences of downtime count it as far as the simulation went."
        )
    return said


def _provenance(swept: Swept) -> list[tuple[str, str]]:
    """What ran."""
    import sim

    study = swept.study
    added = len(study.points) - len(study.designed)
    more = f", and {added} added for break-evens" if added else ""
    runs = f"{study.replications:,} of each strategy at each point, {study.runs:,} in all"
    return [
        ("Scenario", study.file.name),
        ("Sweep", study.digest),
        ("Scenario’s digest", study.file.digest),
        ("Seed", str(study.file.scenario().seed)),
        ("Points", f"{len(study.designed)}, {METHODS[study.method]}{more}"),
        ("Replications", runs),
        ("Version", f"hostfall {sim.__version__}"),
        ("Command", swept.command),
    ]
