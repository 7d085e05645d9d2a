"""Figures as slides: 16:9, large type, the finding as the title, a line for the source.

In: a `Result` or a `Comparison`. Out: a folder `slides` with every figure as PNG, SVG and PDF, beside the
folder of those for paper. Figures are drawn anew for it: a slide is no enlarged column.
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

FOLDER = "slides"


def of_result(result: Result) -> Iterator[Picture]:
    """Every figure of a study as a slide: those of the baseline, what moves it, then the strategies."""
    from sim.views.figures import NAMES, Figures, tornado

    figures = Figures(result.case, "slides")
    yield from (figures[name] for name in NAMES)
    with style.drawn_as("slides"):
        moves = tornado.picture(result.case)
    if moves is not None:
        yield moves
    if result.comparison is not None:
        yield from of_comparison(result.comparison)


def of_comparison(found: Comparison) -> Iterator[Picture]:
    """Every figure of a comparison as a slide."""
    from dataclasses import replace

    with style.drawn_as("slides"):
        # a copy: what was drawn for paper stays with the one that was given
        yield from replace(found).figures.values()


def save(pictures: Iterator[Picture], folder: Path) -> Path:
    """Write slides into the folder `slides` below ``folder``, each file whole or not at all."""
    place = folder / FOLDER
    for picture in pictures:
        picture.save(place)
        beside = place / f"{picture.name}.pdf.part"
        beside.write_bytes(picture.pdf())
        beside.replace(place / f"{picture.name}.pdf")
    return place
