"""The figures: one a file, each a function from a `Case` to a `Picture`, drawn when first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.views.case import Case
    from sim.views.figures.picture import Picture
    from sim.views.style import Form

NAMES = ("users", "places", "resilience", "gantt", "downtime", "survival", "attribution", "dependencies")
"""In the order of the report."""

__all__ = ["NAMES", "Figures", "draw"]


def draw(name: str, case: Case) -> Picture:
    """Draw one figure of a strategy."""
    picture: Picture = import_module(f"sim.views.figures.{name}").picture(case)
    return picture


class Figures(Mapping[str, "Picture"]):
    """The figures by name; each is drawn when it is first looked at, for paper or in another form."""

    def __init__(self, case: Case, form: Form = "paper") -> None:
        self._case = case
        self._form: Form = form
        self._drawn: dict[str, Picture] = {}

    def __getitem__(self, name: str) -> Picture:
        if name not in NAMES:
            message = f"no figure is called {name!r}; there are {', '.join(NAMES)}"
            raise KeyError(message)
        if name not in self._drawn:
            from sim.views import style

            with style.drawn_as(self._form):
                self._drawn[name] = draw(name, self._case)
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def __repr__(self) -> str:
        return f"Figures({', '.join(NAMES)})"
