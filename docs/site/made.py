"""What pages of the site take from the program while they are made: commands, measures, the Python surface.

In: a page with a marker such as `<!-- made: commands -->`. Out: the page with Markdown in its place. Nothing
of this is kept, so it cannot fall behind; who reads the page in a clone finds the same with `--help`.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = {
    ROOT / "README.md": DOCS / "start.md",
    ROOT / "results" / "README.md": DOCS / "reference" / "results.md",
}
"""What stands elsewhere and is a page of the site too."""

MARKER = re.compile(r"^<!-- made: (\w+) -->$", flags=re.MULTILINE)

RETURNED = (
    "sim.scenario.ScenarioFile",
    "sim.views.api.Result",
    "sim.views.comparison.Comparison",
    "sim.views.story.Story",
    "sim.views.report.Report",
    "sim.views.table.Table",
    "sim.views.figures.picture.Picture",
)
"""Classes that the functions give back and people then hold in their hands."""


READ_FIRST = (
    "model", "supply", "users", "structure", "statistics", "sensitivity", "sweep", "verification", "cases",
    "case_parler_2021",
)  # fmt: skip
ELSEWHERE = ("index", "start", "language")


def setup(app: Any) -> dict[str, bool]:
    """Fill the markers of every page when it is read; let docstrings of properties be sentences."""
    app.connect("source-read", fill)
    app.connect("autodoc-process-docstring", sentence, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def fill(app: Any, page: str, source: list[str]) -> None:
    """Put what is made in the place of the markers of one page; a marker that nobody knows is an error.

    On the site the README is the page `start`.
    """
    text = re.sub(r"\]\(((?:\.\./)*)\.\./README\.md\)", r"](\1start.md)", source[0])
    source[0] = MARKER.sub(lambda found: MAKERS[found[1]](), text)


def sentence(app: Any, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Keep napoleon from taking what stands before a colon in a property's first line for its type."""
    if what == "property":
        lines.insert(0, "")


def commands() -> str:
    """Every command with its arguments and options, from click."""
    from sim.views.cli import hostfall

    context = click.Context(hostfall, info_name="python run_scenario.py", max_content_width=100)
    return "\n\n".join(
        _command(hostfall.commands[name], name, context, 2) for name in hostfall.list_commands(context)
    )


def _command(command: click.Command, name: str, parent: click.Context, level: int) -> str:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [
        f"{'#' * level} {' '.join(context.command_path.split()[2:])}",
        _unfolded(inspect.cleandoc(command.help or command.short_help or "")),
        f"```sh\n{usage}\n```",
    ]
    records = [each.get_help_record(context) for each in command.params]
    rows = [
        f"| {_cell(f'`{one[0]}`')} | {_cell(one[1])} |"
        for one in records
        if one and one[1] and "--help" not in one[0]
    ]
    if rows:
        parts.append("\n".join(["| option | what it does |", "|---|---|", *rows]))
    if isinstance(command, click.Group):
        parts += [
            _command(command.commands[one], one, context, level + 1) for one in command.list_commands(context)
        ]
    return "\n\n".join(parts)


def _unfolded(text: str) -> str:
    """Paragraphs without the line ends inside them; angle brackets and dollars stand for themselves."""
    paragraphs = (" ".join(one.split()) for one in text.split("\n\n"))
    return "\n\n".join(paragraphs).replace("<", "&lt;").replace("$", "\\$")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def files() -> str:
    """What a run leaves behind, as the folder of results says it."""
    return _told(ROOT / "results" / "README.md", DOCS / "reference")


def readme() -> str:
    """The README as a page of the site."""
    return _told(ROOT / "README.md", DOCS)


def explanation() -> str:
    """The pages that explain, in the order in which to read them; those that nobody has placed come last."""
    there = sorted(page.stem for page in DOCS.glob("*.md") if page.stem not in ELSEWHERE)
    pages = [
        *(page for page in READ_FIRST if page in there),
        *(page for page in there if page not in READ_FIRST),
    ]
    return "\n".join(["```{toctree}", ":hidden:", ":caption: Explanation", "", *pages, "```"])


def _told(page: Path, there: Path) -> str:
    """A page without its heading, its links seen from a folder of the site."""

    def link(found: re.Match[str]) -> str:
        path, hash_, heading = found[1].partition("#")
        target = (page.parent / path).resolve()
        return f"]({os.path.relpath(PAGES.get(target, target), there)}{hash_}{heading})"

    text = page.read_text(encoding="utf-8").partition("\n\n")[2]
    return re.sub(r"\]\((?!https?:|#)([^)]+)\)", link, text)


def measures() -> str:
    """Every measure with unit and meaning, from the one table that all results read."""
    from sim.outcomes.measures import _EACH, _OF_RIVAL, MEASURES

    lines = ["| measure | unit | meaning |", "|---|---|---|"]
    for one in [*MEASURES.values(), *_EACH, *_OF_RIVAL]:
        whose = "`<rival>`" if one in _OF_RIVAL else "the capability"
        name = one.name.replace("{}", "<rival>" if one in _OF_RIVAL else "<capability>")
        lines.append(f"| `{name}` | {one.unit} | {_cell(one.meaning.replace('{}', whose))} |")
    return "\n".join(lines)


def python() -> str:
    """The functions of `sim.__all__` and the classes they return, by autodoc."""
    import sim

    return "\n".join(["```{eval-rst}", *_directives(sim.__all__), "```"])


def _directives(names: list[str]) -> Iterator[str]:
    for name in sorted(names):
        if not name.startswith("_"):
            yield from (f".. autofunction:: sim.{name}", "")
    for name in RETURNED:
        yield from (f".. autoclass:: {name}", "   :members:", "   :exclude-members: __init__", "")


MAKERS: dict[str, Callable[[], str]] = {
    one.__name__: one for one in (commands, explanation, files, measures, python, readme)
}
