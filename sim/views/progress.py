"""How far a long run is and how long it will still take; nothing at all where nobody watches.

In: finished and all blocks, as the study counts them. Out: a bar on the error stream while it is a terminal.
The time to go is what it has needed since it was started, scaled up: blocks found on disk were not computed
now and would make it look faster than it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from time import monotonic

from sim.streams import BLOCK


def time_to_go(done: int, left: int, elapsed: float) -> str:
    """``about 40 s to go``; nothing as long as nothing is finished.

    Parameters
    ----------
    done, left : blocks finished since the start, and still to do.
    elapsed : seconds since it began.
    """
    if done <= 0 or left <= 0:
        return ""
    seconds = elapsed * left / done
    if seconds < 60:
        return f"about {max(1, ceil(seconds))} s to go"
    if seconds < 5400:
        return f"about {ceil(seconds / 60)} min to go"
    return f"about {seconds / 3600:.1f} h to go"


@contextmanager
def bar(text: str) -> Iterator[Callable[[int, int], None] | None]:
    """A callback ``(finished, all blocks)`` that draws a bar; None where the error stream is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[say]}"))
    begun = monotonic()
    first: list[int] = []
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as shown:
        task = shown.add_task(text, total=None, say="")

        def progress(finished: int, blocks: int) -> None:
            if not first:
                first.append(finished)
            say = f"{finished * BLOCK:,} of {blocks * BLOCK:,} runs"
            ahead = time_to_go(finished - first[0], blocks - finished, monotonic() - begun)
            shown.update(task, completed=finished, total=blocks, say=f"{say}, {ahead}" if ahead else say)

        yield progress


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A line that says what is being done, as long as it takes."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(file=sys.stderr).status(text):
        yield
