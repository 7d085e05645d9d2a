"""The exceptions this project raises on purpose; all derive from `HostfallError`.

Anything else that reaches a user is a defect. The command line maps them to exit statuses:
2 the input is wrong, 3 something broke.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class HostfallError(Exception):
    """Base of every error raised on purpose."""

    exit_status = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it stands, what was found, and the likely fix.

    ``where`` is a dotted path in the scenario ("users.segments.casual.share") or "" for the whole file;
    ``line`` counts from 1, ``None`` where there is no line (``--set``, Python).
    """

    where: str
    message: str
    line: int | None = None
    source: str = ""

    def __str__(self) -> str:
        place = self.source + (f":{self.line}" if self.line is not None else "")
        parts = [part for part in (place, self.where) if part]
        return ": ".join([*parts, self.message])


class ScenarioError(HostfallError):
    """A scenario cannot be used. Carries *all* its problems, in file order."""

    exit_status = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(HostfallError):
    """What was asked for cannot be done as asked (a strategy that does not exist, a bad option)."""

    exit_status = 2


class ArchiveError(HostfallError):
    """A results folder holds something else, is in use by another run, or cannot be written."""

    exit_status = 2


class ModelInvariantError(HostfallError):
    """A conservation law of the model does not hold. Always a defect of the simulator."""
