"""What a visitor may ask: read from JSON, refused in words where it is not a question.

In: decoded JSON, or the parameters of an address. Out: `Question` and `Side` records of bounded size.
Whether the settings make sense is not decided here but by the loader, in a process that can be ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sim.errors import UsageError
from sim.streams import BLOCK

MOST_RUNS = 5_000
MOST_SETTINGS = 200
MOST_LETTERS = 2_000
"""Of one setting."""
MOST_BYTES = 200_000
"""Of one request."""
MOST_LOST = 100
"""Suppliers that are lost at once."""

Followed = Literal["expected", "graph"]
"""In what detail users are followed. Whole sampled users are left out: they take minutes, and a page that is
dragged shows expected numbers better."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two settings that are compared: a strategy (None: the baseline) and changes to it."""

    scenario: str
    strategy: str | None
    settings: tuple[str, ...]
    users: Followed = "expected"


@dataclass(frozen=True, slots=True)
class Question:
    """One drag: who asks, what for, and how many runs they want in the end."""

    visitor: str
    sides: tuple[Side, ...]
    runs: int

    @property
    def blocks(self) -> int:
        """Blocks that hold so many runs."""
        return -(-self.runs // BLOCK)


def read_question(given: object) -> Question:
    """The question in a request.

    Raises
    ------
    UsageError
        Saying what is wrong with it.
    """
    known = {"visitor", "scenario", "users", "sides", "runs"}
    entries = _mapping(given, known, "a question")
    visitor, runs = entries.get("visitor", ""), entries.get("runs", BLOCK)
    if not isinstance(visitor, str) or len(visitor) > 64:
        raise UsageError("`visitor` must be a text of at most 64 letters")
    if not isinstance(runs, int) or isinstance(runs, bool) or not 1 <= runs <= MOST_RUNS:
        raise UsageError(f"`runs` must be a whole number from 1 to {MOST_RUNS:,}")
    sides = entries.get("sides")
    if not isinstance(sides, list) or not 1 <= len(sides) <= 2:
        raise UsageError("`sides` must be a list of one or two settings, A and B")
    return Question(visitor, tuple(_side(entries, each) for each in sides), runs)


def read_side(given: object) -> Side:
    """One side alone: a scenario, a strategy and settings."""
    entries = _mapping(given, {"scenario", "users", "strategy", "settings"}, "a side")
    return _side(entries, {k: v for k, v in entries.items() if k not in {"scenario", "users"}})


def read_run(given: object) -> tuple[Side, int]:
    """One side and the number of a run."""
    entries = dict(_mapping(given, {"scenario", "users", "strategy", "settings", "replication"}, "a run"))
    number = entries.pop("replication", 0)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 10**6:
        raise UsageError("`replication` must be the number of a run, from 0")
    return read_side(entries), number


def read_lost(given: object) -> tuple[Side, tuple[str, ...]]:
    """One side and the suppliers that are lost."""
    entries = dict(_mapping(given, {"scenario", "users", "strategy", "settings", "lost"}, "a loss"))
    lost = entries.pop("lost", [])
    if not isinstance(lost, list) or len(lost) > MOST_LOST:
        raise UsageError(f"`lost` must be a list of at most {MOST_LOST} suppliers")
    for each in lost:
        if not isinstance(each, str):
            raise UsageError("`lost` must be a list of names of suppliers")
        _sound(each)
    return read_side(entries), tuple(sorted(set(lost)))


def side_of_address(
    scenario: str | None, strategy: str | None, settings: Sequence[str], users: str | None = None
) -> Side:
    """One side from the parameters of an address."""
    whole = {"scenario": scenario, "users": users or "expected"}
    return _side(whole, {"strategy": strategy or None, "settings": list(settings)})


def _side(whole: Mapping[str, Any], given: object) -> Side:
    entries = _mapping(given, {"strategy", "settings"}, "a side")
    scenario, users = whole.get("scenario"), whole.get("users", "expected")
    strategy, settings = entries.get("strategy"), entries.get("settings", [])
    if not isinstance(scenario, str):
        raise UsageError("`scenario` must be the name of one of the scenarios")
    if not isinstance(users, str) or users not in get_args(Followed):
        raise UsageError(f"`users` must be one of {', '.join(get_args(Followed))}")
    if strategy is not None and not isinstance(strategy, str):
        raise UsageError("`strategy` must be a name, or left out")
    if not isinstance(settings, list) or len(settings) > MOST_SETTINGS:
        raise UsageError(f"`settings` must be a list of at most {MOST_SETTINGS} texts path=value")
    for each in settings:
        if not isinstance(each, str) or len(each) > MOST_LETTERS:
            raise UsageError(f"a setting is a text path=value of at most {MOST_LETTERS:,} letters")
    for text in [scenario, strategy or "", *settings]:
        _sound(text)
    return Side(scenario, strategy, tuple(settings), "graph" if users == "graph" else "expected")


def _sound(text: str) -> None:
    """Lone surrogates cannot be sent on to another process, nor written in an answer."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UsageError("a text holds half of a character")


def _mapping(given: object, known: set[str], what: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise UsageError(f"{what} must be a mapping of {', '.join(sorted(known))}")
    unknown = sorted(str(key) for key in given if key not in known)
    if unknown:
        raise UsageError(f"{what} has no `{unknown[0][:40]}`; it has {', '.join(sorted(known))}")
    return given
