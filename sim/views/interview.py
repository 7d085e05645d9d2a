"""`new NAME`: six questions, a table of suppliers if there is one, and a scenario file that runs.

In: a name and the answers, typed or taken as offered. Out: a file that has passed the same checks as any
other. Every answer is read by the scenario's own rules when it is given: a wrong one is asked again at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from sim.errors import UsageError
from sim.scenario.units import COUNT, DURATION, VOLUME, Dimension, Wrong, parse_quantity
from sim.views import places
from sim.views.supplier_table import SupplierRow, identifier, read_suppliers

Ask = Callable[[str, str, Callable[[str], Any]], Any]
"""``ask(question, offered, reader)`` gives an answer that the reader has let through."""

NOTHING = frozenset({"", "-", "no", "none"})
"""Answers that mean an empty list."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the draft is made of; quantities are texts as a scenario file writes them."""

    name: str
    users: str = "1000000"
    host: str = "Example Cloud"
    stores: tuple[str, ...] = ("App Store", "Google Play")
    others: tuple[str, ...] = ()
    notice: str = "24 h"
    data: str = "20 TB"
    rows: tuple[SupplierRow, ...] = field(default=())
    """Suppliers of a table, the host and the stores among them."""


def write_scenario(name: str, *, ask: bool, suppliers: Path | None, output: Path | None) -> int:
    """Ask, write the file, check it, and say what to type next. Returns the exit status."""
    from sim.scenario import load_scenario
    from sim.views.drafting import draft

    short = identifier(Path(name).stem)
    path = output or _home() / f"{short}.yaml"
    if path.exists():
        raise UsageError(f"{path} is there already; choose another name or --output.")
    rows, complaints = read_suppliers(suppliers) if suppliers else ([], [])
    for complaint in complaints:
        click.echo(complaint, err=True)
    if suppliers:
        click.echo(f"{len(rows)} suppliers taken from {suppliers}.", err=True)
    answers = answers_from(short, tuple(rows), _typed if ask else _offered)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft(answers, path), encoding="utf-8")
    load_scenario(path)
    command = click.get_current_context().find_root().command_path
    click.echo(
        f"Written: {path}\n\n"
        f"Look at every input:  {command} check {path}\n"
        f"Run it:               {command} {path}\n\n"
        "What you did not say is an assumption and marked so in the file: replace it by what you know."
    )
    return 0


def answers_from(name: str, rows: tuple[SupplierRow, ...], ask: Ask) -> Answers:
    """Put the questions that the table has not answered."""
    hosts = [row for row in rows if is_host(row)]
    stores = tuple(row.name for row in rows if is_store(row))
    usual = Answers(name)
    usual_stores = ", ".join(usual.stores)
    return Answers(
        name=name,
        users=ask("How many people use it on a usual day?", usual.users, _reader(COUNT)),
        host=hosts[0].name if hosts else ask("Who hosts it?", usual.host, _some_words),
        stores=stores if rows else ask("Which app stores carry it? (or none)", usual_stores, _list),
        others=() if rows else ask("Which other suppliers does it need to work? (or none)", "none", _list),
        notice=(hosts[0].notice if hosts else None)
        or ask("How much notice would the host give?", usual.notice, _reader(DURATION)),
        data=ask("How much data would have to be moved?", usual.data, _reader(VOLUME)),
        rows=rows,
    )


def is_store(row: SupplierRow) -> bool:
    """Whether a row is an app store, by the words of its kind."""
    return "store" in row.kind.lower()


def is_host(row: SupplierRow) -> bool:
    """Whether a row is where the service runs, by the words of its kind."""
    words = set(identifier(row.kind).split("_"))
    return bool(words & {"host", "hosting", "cloud", "iaas", "colocation"}) and not is_store(row)


def _home() -> Path:
    """Where scenarios are kept here, else here."""
    return Path(places.FOLDER) if Path(places.FOLDER).is_dir() else Path()


def _typed(question: str, offered: str, reader: Callable[[str], Any]) -> Any:
    """Ask in the terminal until the answer can be read."""
    return click.prompt(question, default=offered, value_proc=reader, err=True)


def _offered(question: str, offered: str, reader: Callable[[str], Any]) -> Any:
    """Take what is offered."""
    del question
    return reader(offered)


def _reader(dimension: Dimension) -> Callable[[str], str]:
    """A reader that lets a quantity through as it was typed, or says what is wrong with it."""

    def read(answer: str) -> str:
        try:
            if parse_quantity(answer, dimension) == 0 and dimension is COUNT:
                raise Wrong.here("somebody has to use it")
        except Wrong as wrong:
            raise click.UsageError(str(wrong)) from None
        return answer.strip()

    return read


def _some_words(answer: str) -> str:
    if not answer.strip():
        raise click.UsageError("a name is needed")
    return answer.strip()


def _list(answer: str) -> tuple[str, ...]:
    """``a, b`` as names, each once; nothing for `none`."""
    if answer.strip().lower() in NOTHING:
        return ()
    return tuple(dict.fromkeys(word.strip() for word in answer.split(",") if word.strip()))
