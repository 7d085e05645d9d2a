"""Time: instants in UTC at the edge, float hours since the start inside.

In: texts ("2025-03-10T08:00Z") and hours. Out: hours, datetimes, and words for people. Conversions are made
on exact fractions and rounded once, so ten times "0.1 h" and "1 h" written as "60 min" give the same
bits. Months and years have no fixed length: they are allowed in rates only, as 365.25 / 12 and 365.25 days.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

HOURS_IN_MONTH = Fraction(36525 * 24, 1200)
HOURS_IN_YEAR = Fraction(36525 * 24, 100)

HOURS: Mapping[str, Fraction] = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), Fraction(1, 3600)),
    **dict.fromkeys(("min", "minute", "minutes"), Fraction(1, 60)),
    **dict.fromkeys(("h", "hour", "hours"), Fraction(1)),
    **dict.fromkeys(("d", "day", "days"), Fraction(24)),
    **dict.fromkeys(("w", "week", "weeks"), Fraction(168)),
}
"""Hours in each unit of time."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(Z|z|UTC|[+-]\d{2}:\d{2})?)?"
)
_MICROSECONDS_IN_HOUR = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours since ``start`` to instants and back."""

    start: datetime

    def hours(self, instant: datetime) -> float:
        """Hours from the start to ``instant`` (negative before it), rounded once."""
        return hours_between(self.start, instant)

    def instant(self, hours: float) -> datetime:
        """The instant ``hours`` after the start, to the nearest microsecond."""
        return self.start + timedelta(microseconds=round(Fraction(hours) * _MICROSECONDS_IN_HOUR))

    def format(self, hours: float, *, year: bool = False, weekday: bool = False, zone: bool = False) -> str:
        """Words for the instant ``hours`` after the start; see `format_instant`."""
        return format_instant(self.instant(hours), year=year, weekday=weekday, zone=zone)


def hours_between(start: datetime, end: datetime) -> float:
    """Hours from one instant to another, rounded once."""
    return float(Fraction((end - start) // timedelta(microseconds=1), _MICROSECONDS_IN_HOUR))


def parse_instant(text: str) -> datetime:
    """Read an instant: ``2025-03-10T08:00Z``, an offset instead of Z, or a date alone (midnight UTC).

    Raises
    ------
    ValueError
        With the likely fix, if the text is no instant or has a time but no zone.
    """
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"`{text}` is not an instant: write 2025-03-10T08:00Z (UTC)")
    day, time, zone = match.groups()
    if time is not None and zone is None:
        raise ValueError(f"`{text}` has no time zone: write {day}T{time}Z for UTC")
    offset = "+00:00" if zone is None or zone in {"Z", "z", "UTC"} else zone
    try:
        return datetime.fromisoformat(f"{day}T{time or '00:00'}{offset}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"`{text}` is not an instant: {error}") from None


def format_instant(instant: datetime, *, year: bool = True, weekday: bool = False, zone: bool = True) -> str:
    """Words for people, whatever the locale: ``Mon 11 Jan 2021 08:00 UTC``."""
    moment = instant.astimezone(UTC)
    words = [WEEKDAYS[moment.weekday()]] if weekday else []
    words += [str(moment.day), MONTHS[moment.month - 1]]
    words += [str(moment.year)] if year else []
    words += [f"{moment.hour:02d}:{moment.minute:02d}"]
    return " ".join([*words, "UTC"] if zone else words)


def write_instant(instant: datetime) -> str:
    """The instant as a file says it, exact: ``2025-03-10T08:00Z``; `parse_instant` gives it back."""
    moment = instant.astimezone(UTC)
    if moment.microsecond:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%f").zfill(26) + "Z"
    return f"{moment.date().isoformat()}T{moment.hour:02d}:{moment.minute:02d}" + (
        f":{moment.second:02d}Z" if moment.second else "Z"
    )


def format_duration(hours: float, digits: int = 3) -> str:
    """Words for a length of time: ``45 min``, ``30 h``, ``35.4 d``; ``never`` for infinity.

    Under 1 minute in seconds, under 2 hours in minutes, under 3 days in hours, otherwise in days; at most
    ``digits`` significant digits, but whole numbers are never cut.
    """
    if math.isnan(hours):
        return "unknown"
    if math.isinf(hours):
        return "never" if hours > 0 else "-never"
    size = abs(hours)
    for limit, unit in ((Fraction(1, 60), "s"), (Fraction(2), "min"), (Fraction(72), "h"), (None, "d")):
        if limit is None or (0 < size < limit):
            amount = float(Fraction(hours) / HOURS[unit])
            decimals = max(0, digits - len(str(int(abs(amount)))))
            text = f"{amount:.{decimals}f}"
            return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}"
    raise AssertionError("unreachable")
