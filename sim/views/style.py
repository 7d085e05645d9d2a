"""One look for every figure: colours, type, axes for dates and counts, title, footer, files.

In: nothing from the model. Out: `canvas` (a figure with its words in place) and `render`. Colours are those
of Okabe & Ito (2008, "Color Universal Design"), told apart with any colour vision; nothing is told by
colour alone: line styles, hatches, shapes and words carry it too, so a grey print loses nothing.

A figure is drawn for paper (as wide as a page's text, as tall as it needs), for one column of a journal, or
as a slide (16:9, a larger title, a line for the source): `drawn_as` says which, and every figure obeys
through `canvas` and `sheet`. A slide is as wide as paper and shown larger, so its type is nearly twice as
large as on paper when it fills a screen.

`matplotlib.figure.Figure` is used, never `pyplot`: no global state, no window, no figure left open.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.views import wording
from sim.views.sheet import SHEETS, SLIDE_PIXELS, Form, current_form, drawn_as, inches, sheet, two_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

__all__ = ["Form", "current_form", "drawn_as", "inches", "sheet", "two_columns"]  # of `sheet`, for figures

INK = "#1a1a1a"
SOFT = "#595959"
FAINT = "#d4d4d4"
PAPER = "#ffffff"
BLUE = "#0072b2"
SKY = "#56b4e9"
ORANGE = "#e69f00"
YELLOW = "#f0e442"
GREEN = "#009e73"
VERMILION = "#d55e00"
PURPLE = "#cc79a7"

CURVES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, INK)
"""Colours of curves side by side, in this order."""

DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1.5, 1.5)),
    (0, (6, 1.5, 1.5, 1.5)),
    (0, (10, 4)),
    (0, (6, 1.5, 1.5, 1.5, 1.5, 1.5)),
    (0, (3, 3)),
    (0, (10, 1.5, 4, 1.5)),
)
"""How those curves are dashed: no two alike, so that they are told apart in grey too."""

BAND_90 = "#cfe3f1"
BAND_50 = "#8fbfe0"

WIDTH, BODY, SMALL = SHEETS["paper"].wide, SHEETS["paper"].body, SHEETS["paper"].small
"""Inches and points on paper; what may be drawn in another form asks `sheet`."""

SLIDE = WIDTH * 9 / 16
"""Inches; how tall a slide is."""

FOOT_TEXT = 2
"""Place of the line for the source among the words of a figure."""

SUBTITLE, KEY_ROW = 0.165 / 8.5, 1.55 / 72
"""Inches that a line of a subtitle, and a row of a key, takes for each point of its type."""

SQUEEZE = 0.62
"""Rows may come so much closer on a slide; a figure that is taller still stands between empty margins."""

_SETTINGS: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.color": SOFT,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "svg.hashsalt": "hostfall",
    "svg.fonttype": "path",
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}


def curve(place: int) -> tuple[str, Any]:
    """Colour and dashes of one of several curves."""
    return CURVES[place % len(CURVES)], DASHES[place % len(DASHES)]


@contextmanager
def look() -> Iterator[None]:
    """The settings of this project for what is drawn inside; the reader's own come back afterwards."""
    import matplotlib as mpl

    paper = sheet()
    sizes = dict.fromkeys(("font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize"), paper.body)
    settings: Any = {**_SETTINGS, **sizes, "legend.fontsize": paper.small}
    with mpl.rc_context(settings):
        yield


@dataclass(frozen=True, slots=True)
class Margins:
    """Inches kept free around the axes, inside what title and footer take."""

    left: float = 0.75
    right: float = 0.25
    below: float = 0.45
    above: float = 0.1


def canvas(
    title: str,
    subtitle: str,
    footer: str,
    *,
    height: float = 3.4,
    margins: Margins | None = None,
    rigid: bool = False,
) -> tuple[Figure, Axes]:
    """A figure with its words in place and one empty axes ``height`` inches tall between them.

    Title and subtitle are wrapped by their measured width, so a long finding takes a second line and
    the figure grows; nothing is clipped or drawn over. On a slide the axes take what the words leave,
    and may be less tall unless they are ``rigid``: boxes with words in them cannot be.
    """
    from matplotlib.figure import Figure

    margins, on = margins or Margins(), sheet()
    # A raster file sets type a little wider than it was measured.
    room = (on.wide - 2 * on.edge - 0.15 * on.wide / WIDTH) * 72
    slide = current_form() == "slides"
    heading = wrap(title, room, on.title, bold=True)
    below = wrap(_fitting(subtitle, room), room, on.small) if subtitle else []
    foot = wrap(f"Source: {footer}" if slide else footer, room, on.foot)
    first = 0.12 + 0.018 * on.title * len(heading)
    top = first + SUBTITLE * on.small * len(below) + 0.08 + margins.above
    bottom = 0.14 + 0.0177 * on.foot * len(foot) + margins.below
    if slide:
        height = max(SLIDE - top - bottom, (1.0 if rigid else SQUEEZE) * height)
    total = top + height + bottom
    figure = Figure(figsize=(on.wide, total))
    bold: dict[str, Any] = {"size": on.title, "weight": "bold", "va": "top", "linespacing": 1.2}
    soft: dict[str, Any] = {"size": on.small, "color": SOFT, "va": "top", "linespacing": 1.3}
    last: dict[str, Any] = {"size": on.foot, "color": SOFT, "va": "bottom", "linespacing": 1.2}
    ends = (1 - 0.12 / total, 1 - (first + 0.04) / total, 0.08 / total)
    for y, lines, how in zip(ends, (heading, below, foot), (bold, soft, last), strict=True):
        figure.text(on.edge / on.wide, y, "\n".join(lines), **how)
    wide = on.wide - margins.left - margins.right
    axes = figure.add_axes((margins.left / on.wide, bottom / total, wide / on.wide, height / total))
    # Where the label stands must not depend on how wide the numbers come out, or it leaves the picture.
    axes.yaxis.set_label_coords((max(on.edge + 0.07, 0.18) - margins.left) / wide, 0.5)
    return figure, axes


def _fitting(subtitle: str, room: float) -> str:
    """As many whole clauses of a subtitle as the sheet has lines for; the table has what is left out."""
    most, small = sheet().subtitle, sheet().small
    if most is None:
        return subtitle
    ends = [match.start() for match in re.finditer(r"[.;](?= )", subtitle)] + [len(subtitle)]
    fitting = [end for end in ends if len(wrap(subtitle[:end], room, small)) <= most]
    return subtitle[: fitting[-1]] if fitting else " ".join(wrap(subtitle, room, small, most=most))


def ground() -> dict[str, Any] | None:
    """What words stand on where lines would cross them; on paper there is room between the lines."""
    return {"fc": PAPER, "ec": "none", "pad": 0.3} if sheet().narrow else None


def above_rows(axes: Axes, places: Iterable[float], names: Iterable[str]) -> None:
    """The names of rows, each above its own: where there is no room beside them."""
    look: dict[str, Any] = {"fc": PAPER, "ec": "none", "pad": 1.0}
    for y, name in zip(places, names, strict=True):
        axes.text(0.015, y - 0.32, name, transform=axes.get_yaxis_transform(), size=sheet().small,
                  weight="bold", va="bottom", linespacing=1.1, zorder=5, bbox=look)  # fmt: skip


def key(figure: Figure, handles: Sequence[Any], most: int, up: float, **look_of: Any) -> None:
    """What stands for what, ``up`` inches above the foot, in at most so many columns."""
    shape = {"handle": look_of.get("handlelength", 2.0), "apart": look_of.get("columnspacing", 2.0)}
    columns = key_columns([str(one.get_label()) for one in handles], most, **shape)
    more = figure.texts[FOOT_TEXT].get_text().count("\n")  # `up` is said for a foot of one line
    across = 0.01 if not sheet().narrow else 0.0
    place = (across, (up + 0.0177 * sheet().foot * more) / figure.get_figheight())
    figure.legend(handles=handles, loc="lower left", ncols=columns, bbox_to_anchor=place, **look_of)


def key_columns(words: Sequence[str], most: int, *, handle: float = 2.0, apart: float = 2.0) -> int:
    """Columns, at most so many, in which a key with these words is no wider than the sheet.

    ``handle`` and ``apart`` are the key's own handle length and column spacing, in its type.
    """
    on = sheet()
    room = (on.wide - 2 * on.edge) * 72
    for columns in range(min(most, len(words)), 1, -1):
        tall, longer = divmod(len(words), columns)
        ends = [i * tall + min(i, longer) for i in range(columns + 1)]
        widths = [max(width_of(w, on.small) for w in words[a:b]) for a, b in pairwise(ends)]
        if sum(widths) + on.small * (columns * (handle + 0.8) + (columns - 1) * apart + 0.8) <= room:
            return columns
    return 1


def key_rows(words: Sequence[str], most: int, **shape: float) -> float:
    """Inches that a key takes."""
    return KEY_ROW * sheet().small * math.ceil(len(words) / key_columns(words, most, **shape))


def key_room(words: Sequence[str], most: int, **shape: float) -> float:
    """Inches that a key needs beyond what it takes where ``most`` columns fit, as on paper."""
    return key_rows(words, most, **shape) - KEY_ROW * sheet().small * math.ceil(len(words) / most)


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Points that ``text`` takes at ``size`` in our type."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def wrap(text: str, room: float, size: float, *, bold: bool = False, most: int | None = None) -> list[str]:
    """Lines of ``text`` no wider than ``room`` points; of more than ``most`` the rest becomes an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in filter(None, text.split(" ")):  # not at no-break spaces
        longer = f"{line} {word}".strip()
        if line and width_of(longer, size, bold=bold) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    if most is not None and len(lines) > most:
        lines = lines[:most]
        lines[-1] += " …"
    return [_shorten(each, room, size, bold=bold) if most is not None else each for each in lines]


def _shorten(text: str, room: float, size: float, *, bold: bool) -> str:
    """``text`` cut with an ellipsis where even one word is wider than the room."""
    if width_of(text, size, bold=bold) <= room:
        return text
    text = text.removesuffix(" …")
    while text and width_of(f"{text}…", size, bold=bold) > room:
        text = text[:-1]
    return f"{text}…"


# -- axes ----------------------------------------------------------------------------------------------


def date_axis(axes: Axes, start: datetime, low: float, high: float) -> None:
    """Hours on the x axis told as dates (UTC), with as many ticks as are readable."""
    from matplotlib import dates
    from matplotlib.ticker import FuncFormatter

    begin, end = (wording.instant(start, hours) for hours in (low, high))
    axes.set_xlim(date_number(start, low), date_number(start, high))
    span = (high - low) / wording.HOURS_A_DAY
    a_tick = 0.36 if span > 130 else 0.5
    most = max(3, int(axes.get_position().width * sheet().wide / a_tick)) if sheet().narrow else 7
    locator = dates.AutoDateLocator(minticks=min(most - 1, 4), maxticks=most)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)

    def told(value: float, _: int) -> str:
        moment = dates.num2date(value)  # type: ignore[no-untyped-call]
        if span > 130:
            return f"{moment:%b}"
        return f"{moment.day} {moment:%b}" if span > 4 else f"{moment.day} {moment:%b}\n{moment:%H:%M}"

    axes.xaxis.set_major_formatter(FuncFormatter(told))
    years = str(begin.year) if begin.year == end.year else f"{begin.year}–{end.year}"
    axes.set_xlabel(f"Date in {years} (UTC)")


def date_number(start: datetime, hours: float) -> float:
    """Where ``hours`` stands on a date axis: days since 1970, as matplotlib counts them."""
    return (start.timestamp() / 3600 + hours) / wording.HOURS_A_DAY


def count_axis(axis: Axis, largest: float, unit: str) -> None:
    """Users on an axis, in thousands or millions, the scale said once in the label."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    scales = ((1e9, 1e9, "billions"), (1e6, 1e6, "millions"), (1e5, 1e3, "thousands"))
    scale, word = next(((scale, word) for least, scale, word in scales if largest >= least), (1.0, ""))
    axis.set_major_locator(MaxNLocator(nbins=6, min_n_ticks=3))
    axis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value / scale, 4)))
    axis.set_label_text(f"{wording.capital(unit)} ({word})" if word else wording.capital(unit))


# -- files ---------------------------------------------------------------------------------------------


def metadata(title: str, source: str, kind: str) -> dict[str, str | None]:
    """Title and provenance for the file itself; no date, so that the same run gives the same bytes."""
    if kind == "svg":
        return {"Title": title, "Description": source, "Creator": "hostfall", "Date": None}
    if kind == "pdf":
        return {"Title": title, "Subject": source, "Creator": "hostfall", "CreationDate": None}
    return {"Title": title, "Description": source, "Software": "hostfall"}


def render(
    figure: Figure,
    kind: str,
    title: str,
    source: str,
    *,
    form: Form = "paper",
    dots_per_inch: int | None = None,
) -> bytes:
    """The file's bytes, ``kind`` being ``png``, ``svg`` or ``pdf``; a slide is 16:9 whatever stands on it."""
    target = io.BytesIO()
    shape: dict[str, Any] = {"dpi": dots_per_inch or SHEETS[form].dots}
    if form == "slides":
        frame = slide_frame(figure)
        shape = {"dpi": SLIDE_PIXELS / frame.width, "bbox_inches": frame}
    with drawn_as(form), look(), warnings.catch_warnings():
        # A label in a script our type lacks shows boxes; that is no reason to stop a study.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(target, format=kind, metadata=metadata(title, source, kind), **shape)
    return target.getvalue()


def slide_frame(figure: Figure) -> Bbox:
    """What of the plane is on a slide, inches: the figure, with empty margins that make it 16:9."""
    from matplotlib.transforms import Bbox

    wide, tall = (float(side) for side in figure.get_size_inches())
    across, up = max(wide, tall * 16 / 9), max(tall, wide * 9 / 16)
    return Bbox.from_bounds(0.5 * (wide - across), 0.5 * (tall - up), across, up)


def inline(svg: bytes, name: str, alternative: str) -> str:
    """An SVG fit to stand in a page: no prolog, ids that do not clash, its meaning for a screen reader."""
    from html import escape

    text = svg.decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    # Its one style rule would act on the whole page; as attributes of the root it is inherited all the same.
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", text, count=1, flags=re.DOTALL)
    text = text.replace("<svg", '<svg stroke-linejoin="round" stroke-linecap="butt"', 1)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = re.sub(r'<svg([^>]*?) width="[^"]*"', r"<svg\1", text, count=1)
    text = re.sub(r'<svg([^>]*?) height="[^"]*"', r"<svg\1", text, count=1)
    return text.replace("<svg", f'<svg role="img" aria-label="{escape(alternative, quote=True)}"', 1)
