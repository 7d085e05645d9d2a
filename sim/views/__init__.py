"""What people see: sentences, figures, the report, stories, and the command line.

In: a finished `Study`. Out: text, pictures and one HTML page; nothing here computes a result.

Why this way: `gather` turns a study into a `Case`, plain arrays and records, and every view is a function of
that, so all of them say the same thing and each can be tested on a table made by hand. Whatever says a
finding (the title of a figure, its alternative text, a line in the terminal) is a sentence made from the
numbers, from one file of templates: prose cannot drift from what was computed. Rejected: notebooks as
reports (they carry code and break), JavaScript charts (a report must open in ten years, offline), pyplot
(global state), titles written by hand.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.views.api import Result, run
    from sim.views.case import Case
    from sim.views.figures import Figures
    from sim.views.sentences import findings

__all__ = ["Case", "Figures", "Result", "findings", "run"]

_HOMES = {"Case": "case", "Figures": "figures", "Result": "api", "findings": "sentences", "run": "api"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"sim.views.{_HOMES[name]}"), name)
    message = f"module 'sim.views' has no attribute {name!r}"
    raise AttributeError(message)
