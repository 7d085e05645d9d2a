"""How numbers, times and names are written for people: one way for the report, figures and sentences.

In: inside units (hours, users, shares). Out: text. Rounded to three figures: nobody should read more
into a simulated mean, and the files keep every digit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

HOURS_A_DAY = 24.0
DAYS_FROM = 48.0
"""Below this many hours a duration is told in hours, from it on in days."""


def _plain(value: float, figures: int = 3) -> str:
    """``value`` to so many figures, thousands apart, no exponent and no trailing zeros after the point."""
    if value == 0:
        return "0"
    digits = max(0, figures - 1 - math.floor(math.log10(abs(value))))
    text = f"{round(value, figures - 1 - math.floor(math.log10(abs(value)))):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: float, figures: int = 3) -> str:
    """A plain number: ``1,230``, ``0.4``, ``12.5``; a dash where there is none (NaN)."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return _plain(value, figures).replace("-", "−")


def count(value: float, figures: int = 3) -> str:
    """People or things: ``950``, ``812,000``, ``2.3 million``, ``1.2 billion``."""
    if math.isnan(value) or math.isinf(value):
        return number(value)
    if abs(value) < 0.005:
        return "0"
    size = abs(float(f"{value:.{figures}g}"))
    for scale, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size >= scale:
            return f"{number(value / scale, figures)} {word}"
    return number(float(round(value)), figures) if size >= 100 else number(value, 2)


def plural(value: str, singular: str, many: str | None = None) -> str:
    """``1 day`` but ``1.5 days`` and ``0 days``: the word follows the text that is shown, not the float."""
    return f"{value} {singular if value in {'1', '−1'} else many or singular + 's'}"


def in_days(hours: float) -> bool:
    """Whether a duration is told in days rather than hours."""
    return abs(hours) >= DAYS_FROM


def days_or_hours(hours: float, *, like: float | None = None) -> str:
    """The bare number of days (or hours), in the unit that ``like`` (default: itself) is told in."""
    return _duration_number(hours / HOURS_A_DAY if in_days(hours if like is None else like) else hours)


def _duration_number(value: float) -> str:
    if math.isinf(value) or math.isnan(value):
        return number(value)
    return number(float(round(value)), 4) if abs(value) >= 10 else number(round(value, 1), 2)


def duration(hours: float) -> str:
    """A length of time: ``35 minutes``, ``5.5 hours``, ``19 days``; infinity is ``for ever``."""
    if math.isinf(hours):
        return "for ever"
    if 0 < abs(hours) < 1:
        return plural(_duration_number(hours * 60), "minute")
    return plural(days_or_hours(hours), "day" if in_days(hours) else "hour")


def short_duration(hours: float) -> str:
    """For tables and labels: ``19 d``, ``5.5 h``, ``35 min``."""
    if math.isinf(hours) or math.isnan(hours):
        return number(hours)
    if 0 < abs(hours) < 1:
        return f"{_duration_number(hours * 60)} min"
    return f"{days_or_hours(hours)} {'d' if in_days(hours) else 'h'}"


_NEARLY_ALL = 6
"""Decimal places after which a share that is nearly 1 is all: what is left is the noise of adding up."""


def percent(value: float, figures: int = 3) -> str:
    """A share in [0, 1] in percent: ``20 %``, ``0.4 %``; nearly all is not rounded to all: ``99.62 %``."""
    if math.isnan(value):
        return "–"
    if 0.99 < value < 1.0:
        places = min(1 - math.floor(math.log10(100 * (1.0 - value))), _NEARLY_ALL)
        return f"{100 * value:.{places}f}".rstrip("0").rstrip(".") + " %"
    return f"{number(100 * value, figures if abs(value) >= 0.1 else 2)} %"


def out_of(part: int, whole: int) -> str:
    """How many runs of all: ``3 of 100`` where that is near enough, else the counts themselves.

    Near enough is within a tenth of the rarer side, so 2 of 1,000 and 998 of 1,000 stay what they are and
    nothing is rounded to none or to all.
    """
    if whole < 100:
        return f"{part:,} of {whole:,}"
    exact = 100 * part / whole
    rounded = round(exact)
    if abs(exact - rounded) <= 0.1 * min(exact, 100 - exact):
        return f"{rounded} of 100"
    return f"{part:,} of {whole:,}"


def hundred(value: float) -> str:
    """A share as so many of a hundred, ``<1`` where it would round to none though it is some."""
    rounded = round(100 * value)
    return "<1" if rounded == 0 and value > 0 else f"{rounded:d}".replace("-", "−")


def of_hundred(parts: Sequence[float]) -> list[int]:
    """Whole parts of a hundred that add up to it (largest remainders), none of them below nothing."""
    whole = [max(part, 0.0) for part in parts]
    exact = [100 * part / sum(whole) for part in whole]
    floor = [int(value) for value in exact]
    for i in sorted(range(len(exact)), key=lambda i: floor[i] - exact[i])[: 100 - sum(floor)]:
        floor[i] += 1
    return floor


def instant(start: datetime, hours: float) -> datetime:
    """The instant ``hours`` after the start, to the minute."""
    moment = start + timedelta(hours=hours)
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)


def date(start: datetime, hours: float) -> str:
    """``5 October 2021``."""
    moment = instant(start, hours)
    return f"{moment.day} {moment:%B %Y}"


def short_date(start: datetime, hours: float) -> str:
    """``5 Oct``."""
    moment = instant(start, hours)
    return f"{moment.day} {moment:%b}"


def stamp(start: datetime, hours: float) -> str:
    """``Mon 11 Jan 08:00``."""
    moment = instant(start, hours)
    return f"{moment:%a} {moment.day} {moment:%b %H:%M}"


def stamp_with_year(start: datetime, hours: float) -> str:
    """``Mon 11 Jan 2021 08:00 UTC``."""
    moment = instant(start, hours)
    return f"{moment:%a} {moment.day} {moment:%b %Y %H:%M} UTC"


def listing(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def spoken(name: str) -> str:
    """An identifier as words: ``sign_in`` -> ``sign in``."""
    return name.replace("_", " ")


def capital(text: str) -> str:
    """The first letter large, the rest as it was."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The first letter small, unless the word is an acronym or a name inside (``SMS``, ``iPhone``)."""
    return text if len(text) > 1 and text[1:2].isupper() else text[:1].lower() + text[1:]


def seconds(value: float) -> str:
    """How long a computation took: ``12 seconds``, ``3.5 minutes``."""
    return plural(_duration_number(value), "second") if value < 100 else duration(value / 3600)
