"""The verb `explore`: a page on this machine where inputs are moved and results move along.

In: what click has read. Out: the address on the standard output; then it serves until Ctrl-C. Web libraries
are an extra: without them one line says how to get them. With `--export` a page is written instead, which
needs none.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import click

from sim.errors import UsageError
from sim.views import places
from sim.views.verbs import ScenarioPath, number

NEEDED = ("starlette", "uvicorn")
MOST_WORKERS = 4


@click.command(short_help="Move the inputs on a page and watch the results.")
@click.argument("file", type=ScenarioPath(), required=False)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="N",
    default=0,
    help="Serve on this port, not a free one.",
)
@click.option("--no-open", is_flag=True, help="Only print the address; open no browser.")
@click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path),
    metavar="PAGE.html",
    help="Serve nothing: write one page of a few inputs that runs offline, where no Python is.",
)
@click.option(
    "--control",
    "wanted",
    metavar="PATH",
    multiple=True,
    help="With --export: an input that can be moved there, or `strategy` (repeatable, up to four).",
)
@number("--replications", "With --export: runs of each setting, in blocks of 200 (default: 200).")
@number("--workers", "With --export: processes to use (default: as many as there are cores, up to four).")
def explore(
    file: Path | None,
    port: int,
    no_open: bool,
    target: Path | None,
    wanted: tuple[str, ...],
    replications: int | None,
    workers: int | None,
) -> int:
    """Serve a page, for this machine only, where the inputs of a scenario are moved and results move along.

    FILE is shown first; without it the scenarios that are here are offered. Nothing leaves the machine, and
    nothing is written. Ctrl-C ends it.

    With --export one file is written instead, for a course page or a mail: sliders of a few inputs, two
    settings side by side, and the replay of a run. All its settings are computed beforehand.
    """
    if target is not None:
        from sim.views.explorer.export import export_page

        if file is None:
            raise UsageError("--export needs a scenario file")
        how = {} if replications is None else {"replications": replications}
        return export_page(file, target, wanted=wanted, workers=workers or 0, **how)
    alone = {"--control": wanted, "--replications": replications, "--workers": workers}
    given = [name for name, value in alone.items() if value]
    if given:
        raise UsageError(f"{given[0]} is for --export; the served page needs none")
    return serve_page(file, port, no_open=no_open)


def serve_page(file: Path | None, port: int, *, no_open: bool) -> int:
    """Serve until Ctrl-C. Returns the exit status."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        message = f"`explore` needs {' and '.join(missing)}; install them with: pip install 'hostfall[web]'"
        raise UsageError(message)
    from sim.views.explorer.server import application, listen, serve
    from sim.views.explorer.workers import Workers

    scenarios, first = offered(file)
    bound = listen(port)
    address = f"http://{bound.getsockname()[0]}:{bound.getsockname()[1]}/"
    app = application(scenarios, Workers(min(os.cpu_count() or 1, MOST_WORKERS)), first=first)
    click.echo(f"Explorer at {address} (for this machine only; Ctrl-C ends it)")
    if not no_open:
        click.launch(address)
    serve(app, bound)
    return 0


def offered(file: Path | None) -> tuple[dict[str, Path], str | None]:
    """The scenarios by name, and the one shown first.

    Raises
    ------
    UsageError
        If there is none.
    """
    if file is not None and file.is_dir():
        raise UsageError(f"{file} is a folder; give a scenario file")
    scenarios = {path.stem: path.resolve() for path in places.scenario_files()}
    if file is None:
        if not scenarios:
            raise UsageError("No scenarios here; give a file, or write one with `new NAME`.")
        return scenarios, "parler_2021" if "parler_2021" in scenarios else None
    name, here = file.stem, file.resolve()
    taken = 1
    while name in scenarios and scenarios[name] != here:
        taken += 1
        name = f"{file.stem}_{taken}"
    return {name: here, **{each: path for each, path in scenarios.items() if each != name}}, name
