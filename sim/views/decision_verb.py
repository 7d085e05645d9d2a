"""`report --decision`: the page for a board is written, and what it recommends is printed.

In: the folder of a finished study. Out: sentences on the standard output, `decision.html` in the folder, an
exit status. The last line printed is the full path of the page.
"""

from __future__ import annotations

from pathlib import Path

import click


def write_decision(folder: Path, by: str | None, *, open_page: bool) -> int:
    """Write the page and print what it says.

    Raises
    ------
    ArchiveError, UsageError
        If the folder holds no finished study, cannot be written, or the study cannot tell what is asked for.
    """
    from sim.errors import ArchiveError
    from sim.views import progress, terminal
    from sim.views.decision_page import said, write

    try:
        with progress.waiting("Weighing the strategies ..."):
            found, page = write(folder, by)
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written: {error.strerror}") from error
    told = [each.text for each in said(found)]
    click.echo(f"{found.found.title}\n\n{terminal.paragraphs(told, terminal.width())}\n")
    click.echo(page.resolve())
    if open_page:
        click.launch(str(page.resolve()))
    return 0
