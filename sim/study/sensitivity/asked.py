"""Which measures have a variance that can be shared out; the others are refused with what to ask instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from sim.errors import UsageError
from sim.outcomes import Measure


def asked_for(known: Mapping[str, Measure], names: Sequence[str]) -> tuple[Measure, ...]:
    """The measures of these names.

    Raises
    ------
    UsageError
        If there is none of that name, or the horizon may cut it: what was cut has no variance, and the
        variance of what is left would be that of the horizon.
    """
    found = []
    for name in dict.fromkeys(names):
        if name not in known:
            near = get_close_matches(name, list(known), n=1)
            hint = f"did you mean `{near[0]}`?" if near else "`users_lost` and `downtime` are two"
            raise UsageError(f"no measure is called `{name}`; {hint}")
        if known[name].open_ended:
            raise UsageError(_refusal(known, name))
        found.append(known[name])
    return tuple(found)


def _refusal(known: Mapping[str, Measure], name: str) -> str:
    flag = known[name].censored_by
    _, dot, capability = name.partition(".")
    downtime = f"downtime{dot}{capability}"
    why = "is cut where the horizon comes first, and what was cut has no variance to share out"
    instead = f"ask for `{flag}` (whether it happened in time)"
    if downtime in known:
        instead += f" or `{downtime}` (hours within the horizon)"
    return f"`{name}` {why}; {instead}"
