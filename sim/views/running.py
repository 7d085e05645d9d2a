"""`run`, `story` and `report`: a scenario is run (or found done), told, drawn and reported.

In: what was asked for on the command line. Out: text on the standard output, files in the folder of results,
an exit status. The last line printed by `run` and `report` is the full path of the report.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from sim.views import forms, progress, terminal
from sim.views.checking import chosen

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile
    from sim.scenario.resolution import Resolution
    from sim.study import Study
    from sim.views.api import Result, Which
    from sim.views.saying import Sentence
    from sim.views.style import Form

CLAIM_FAILED = 1
INTERRUPTED = 130
REPORT = "report.html"
FIGURES = "figures"


def run_scenario(
    path: Path,
    *,
    settings: Sequence[str],
    seed: int | None,
    unknowns: Literal["varied", "fixed"],
    output: Path | None,
    no_figures: bool,
    strict: bool,
    open_report: bool,
    figures: Form = "paper",
    **wanted: Any,
) -> int:
    """Run a scenario file, print what came out, write the report. Returns the exit status."""
    from sim.scenario import load_scenario
    from sim.views.api import Result

    file = load_scenario(path, settings=settings, seed=seed, unknowns=unknowns)
    study, stopped = _study(file, output=output, **wanted)
    result = Result(study)
    if stopped:
        click.echo(terminal.paragraphs([each.text for each in stopped], terminal.width()) + "\n")
    elif study.already_done:
        click.echo(_done_before(study, path) + "\n")
    drawn = None if no_figures else figures
    return _show(result, figures=drawn, strict=strict, open_report=open_report)


def report_again(folder: Path, *, open_report: bool, figures: Form = "paper") -> int:
    """Write pictures and report of a finished run again, from what is in its folder."""
    from sim.study.shelf import open_study
    from sim.views.api import Result

    study = open_study(folder)
    return _show(Result(study), figures=figures, strict=False, open_report=open_report, again=True)


def tell(
    path: Path,
    which: Which,
    *,
    settings: Sequence[str],
    seed: int | None,
    unknowns: Literal["varied", "fixed"],
    strategy: str | None,
    replications: int,
    users: Resolution = "expected",
) -> str:
    """One run as a dated story."""
    from sim.scenario import load_scenario
    from sim.views.api import Result

    file = load_scenario(path, settings=settings, seed=seed, unknowns=unknowns)
    # One run of a given number needs no others; the typical and the worst are found among all.
    some = replications if isinstance(which, str) else 1
    names = (strategy,) if strategy else ()
    study, _ = _study(file, output=None, strategies=names, replications=some, users=users)
    told = Result(study).story(which, strategy).text
    return terminal.paragraphs(told.splitlines(), terminal.width(), hang=2)


def _study(
    file: ScenarioFile,
    *,
    output: Path | None,
    strategies: Sequence[str],
    replications: int,
    workers: int = 1,
    cluster: str | None = None,
    users: Resolution = "expected",
    precision: Sequence[str] = (),
    select: str | None = None,
) -> tuple[Study, list[Sentence]]:
    """Compute what is missing, in the usual folder unless another was named; and say when it was enough."""
    from sim.study import default_folder, executors, run_study
    from sim.views.stopping import run_enough

    executor = executors.chosen(workers, cluster)
    names = chosen(file, strategies)
    with progress.bar(f"Running {file.name}") as shown:
        wanted: dict[str, Any] = {
            "replications": replications,
            "workers": workers,
            "output": output or default_folder(file, users=users),
            "strategies": names,
            "users": users,
            "progress": shown,
            "command": _command(),
            "executor": executor,
        }
        if precision or select:
            return run_enough(file, precision=precision, select=select, **wanted)
        return run_study(file, **wanted), []


def _command() -> str:
    """What was typed, as it can be typed again."""
    typed = click.get_current_context().find_root().obj
    return shlex.join(["hostfall", *(typed or ())])


def _done_before(study: Study, path: Path) -> str:
    runs = study.part().replications
    report = (study.folder / REPORT).resolve()
    again = f"{click.get_current_context().find_root().command_path} {path}"
    return (
        f"Already done: {runs:,} runs, report at {report}\n"
        f"More runs, keeping these: {again} --replications {5 * runs}"
    )


def _show(
    result: Result, *, figures: Form | None, strict: bool, open_report: bool, again: bool = False
) -> int:
    """Print, write the report unless it is there, and judge the claims."""
    from sim.views.printed import printed, warnings

    report = result.study.folder / REPORT
    try:
        if not again:
            click.echo(f"{result.study.file.title}\n\n{printed(result, terminal.width())}\n")
        for warning in warnings(result):
            click.echo(f"Note: {warning}", err=True)
        if again or not _is_current(result.study, figures=figures is not None):
            with progress.waiting("Drawing the pictures and writing the report ..."):
                report = result.save(figures=figures is not None)
        if figures is not None and figures != "paper":
            with progress.waiting(f"Drawing the {forms.SAID[figures]} ..."):
                forms.save(forms.of_result(result, figures), result.study.folder, figures)
    except KeyboardInterrupt:
        kept = f"all runs are done and kept in {result.study.folder}"
        click.echo(f"Interrupted: {kept}; the same command writes the report.", err=True)
        return INTERRUPTED
    click.echo(report.resolve())
    if open_report:
        click.launch(str(report.resolve()))
    return CLAIM_FAILED if strict and not _all_claims_hold(result) else 0


def _is_current(study: Study, *, figures: bool) -> bool:
    """Whether the folder's report shows its tables as they are: it is younger than they are."""
    from sim.study.archive import MANIFEST
    from sim.views.figures import NAMES

    report, manifest = study.folder / REPORT, study.folder / MANIFEST
    drawn = all((study.folder / FIGURES / f"{name}.svg").is_file() for name in NAMES)
    return (
        study.already_done
        and (drawn or not figures)
        and report.is_file()
        and report.stat().st_mtime_ns >= manifest.stat().st_mtime_ns
    )


def _all_claims_hold(result: Result) -> bool:
    return all(
        claim.verdict == "pass" for name in result.study.strategies for claim in result.study.claims(name)
    )
