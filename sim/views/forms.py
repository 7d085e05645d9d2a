"""Figures in another form than paper: as slides, or as wide as one column of a journal.

In: a `Result`, a `Comparison`, a sweep or a sensitivity study, and the form. Out: a folder named after the
form (`slides`, `column`) with every figure as PNG, SVG and PDF, beside the figures for paper. Figures are
drawn anew for it: a slide is no enlarged figure, a column no shrunken one. What cannot be read in one column
(the dependency graph) is as wide as two there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.views import style

if TYPE_CHECKING:
    from sim.views.api import Result
    from sim.views.comparison import Comparison
    from sim.views.figures.picture import Picture
    from sim.views.sensitivity import Explanation
    from sim.views.sweep import Swept

SAID: dict[style.Form, str] = {"slides": "slides", "column": "figures for one column"}
"""What the figures of a form are called while they are drawn."""


def of_result(result: Result, form: style.Form) -> Iterator[Picture]:
    """Every figure of a study in a form: those of the baseline, what moves it, then the strategies."""
    from sim.views.figures import NAMES, Figures, tornado

    figures = Figures(result.case, form)
    yield from (figures[name] for name in NAMES)
    with style.drawn_as(form):
        moves = tornado.picture(result.case)
    if moves is not None:
        yield moves
    if result.comparison is not None:
        yield from of_comparison(result.comparison, form)


def of_comparison(found: Comparison, form: style.Form) -> Iterator[Picture]:
    """Every figure of a comparison in a form."""
    from dataclasses import replace

    with style.drawn_as(form):
        # a copy: what was drawn for paper stays with the one that was given
        pictures = list(replace(found).figures.values())
    yield from pictures


def of_varied(found: Swept | Explanation, form: style.Form) -> Iterator[Picture]:
    """Every figure of a sweep, or of what moves a result, in a form."""
    with style.drawn_as(form):
        pictures = list(found.drawn().values())
    yield from pictures


def save(pictures: Iterator[Picture], folder: Path, form: style.Form) -> Path:
    """Write figures into the folder of their form below ``folder``, each file whole or not at all."""
    place = folder / form
    for picture in pictures:
        picture.save(place)
        beside = place / f"{picture.name}.pdf.part"
        beside.write_bytes(picture.pdf())
        beside.replace(place / f"{picture.name}.pdf")
    return place
