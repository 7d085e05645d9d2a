"""Checks of what the operator can do beyond a plain search and work: tiers of candidates, appeals, exports.

In: the sound sections of a scenario. Out: findings, as in `checks`. What would have no effect, or could never
end, is a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches

from sim.scenario.laws import Law
from sim.scenario.nodes import Step
from sim.scenario.platform import Backups, Supplier
from sim.scenario.response import Appeal, Candidate, Replacement, Response, Search, Task

Finding = tuple[tuple[Step, ...], str]
MOST_REWORK = 0.95
"""A task that has to be done again more often than this is done over twenty times, and may never be right."""


def _fix(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(name, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known: {', '.join(names) or 'none'}"


def _searches(response: Response) -> Iterator[tuple[tuple[Step, ...], Replacement, Search]]:
    for role, replacement in response.replace.items():
        if replacement.search is not None:
            yield ("response", "replace", role, "search"), replacement, replacement.search


def _tiers(search: Search) -> Iterator[tuple[str, str, Sequence[Candidate]]]:
    """The lists of candidates in the order of asking, with what the nameless of each are called."""
    yield "standby", "standby.", search.standby
    yield "candidates", "", search.candidates if isinstance(search.candidates, tuple) else ()
    yield "fallback", "fallback.", search.fallback


def _candidates(response: Response) -> Iterator[Finding]:
    """Names and positions of candidates name their draws, so no two may be the same."""
    for path, replacement, search in _searches(response):
        taken: dict[str, str] = {}
        if isinstance(search.candidates, int):
            taken = {str(place): f"candidate {place}" for place in range(1, search.candidates + 1)}
        for field, prefix, candidates in _tiers(search):
            for place, candidate in enumerate(candidates):
                here = (*path, field, place)
                name = candidate.name or f"{prefix}{place + 1}"
                if candidate.name is not None and (name.isdigit() or name in _positions(search)):
                    yield (*here, "name"), f"`{name}` would be taken for a position; add a letter"
                elif name in taken:
                    message = f"`{name}` is the name of {taken[name]} too; names must differ"
                    yield (*here, "name"), message
                taken.setdefault(name, f"{_SPOKEN[field]} {place + 1}")
                yield from _skips(here, candidate, replacement)
        if search.batches and search.at_once == 1:
            yield (*path, "batches"), "has no effect while one is asked at a time; give `at_once` too"


_SPOKEN = {"standby": "standby", "candidates": "candidate", "fallback": "fallback"}


def _positions(search: Search) -> set[str]:
    return {
        f"{prefix}{place}"
        for _, prefix, candidates in _tiers(search)
        for place in range(1, len(candidates) + 1)
        if prefix
    }


def _skips(here: tuple[Step, ...], candidate: Candidate, replacement: Replacement) -> Iterator[Finding]:
    if candidate.skips == "everything":
        return
    for position, name in enumerate(candidate.skips):
        if name not in replacement.tasks:
            message = f"there is no task `{name}`; {_fix(name, [*replacement.tasks, 'everything'])}"
            if name == "everything":
                message = "`everything` stands alone: write `skips: everything`"
            yield (*here, "skips", position), message
        elif name in candidate.skips[:position]:
            yield (*here, "skips", position), f"`{name}` is named twice"
        elif replacement.tasks[name].always:
            yield (
                (*here, "skips", position),
                f"`{name}` is always done; leave it out here, or `always` out there",
            )


def _work(suppliers: dict[str, Supplier], response: Response) -> Iterator[Finding]:
    for role, replacement in response.replace.items():
        for name, task in replacement.tasks.items():
            here: tuple[Step, ...] = ("response", "replace", role, "tasks", name)
            yield from ((here + path, message) for path, message in _task(task, suppliers))


def _task(task: Task, suppliers: dict[str, Supplier]) -> Iterator[Finding]:
    if task.rework.is_constant and task.rework.median() > MOST_REWORK:
        shown = f"{100 * task.rework.median():.6g} %"
        yield ("rework",), f"is {shown}: it would hardly ever be done; at most {100 * MOST_REWORK:.0f} %"
    if task.data is None and task.cost_per_tb:
        yield ("cost_per_tb",), "is unused without `data`; add `data: 50 TB` or use `cost`"
    if task.exports is not None:
        if task.exports not in suppliers:
            message = f"there is no supplier `{task.exports}`; {_fix(task.exports, suppliers)}"
            yield ("exports",), message
        elif not suppliers[task.exports].holds_data:
            message = f"`{task.exports}` holds no data; write `holds_data: true` there"
            yield ("exports",), message


def _appeals(suppliers: dict[str, Supplier], response: Response) -> Iterator[Finding]:
    for role, appeal in response.appeal.items():
        here: tuple[Step, ...] = ("response", "appeal", role)
        if role not in suppliers:
            yield here, f"there is no supplier `{role}`; {_fix(role, suppliers)}"
        if appeal.at_most == 1 and appeal.again_after != Law.constant(0.0):
            yield (*here, "again_after"), "is unused: there is one application; write `at_most: 2` or more"
        yield from ((here + path, message) for path, message in _before(appeal, response))


def _before(appeal: Appeal, response: Response) -> Iterator[Finding]:
    """What an appeal waits for: whole names, as an appeal is no task of the response."""
    known = ["notice", "outage", *(f"{r}.{t}" for r, done in response.replace.items() for t in done.tasks)]
    for position, name in enumerate(appeal.after):
        if name not in known:
            whole = [other for other in known if other.endswith(f".{name}")]
            fix = f"did you mean `{whole[0]}`?" if whole else _fix(name, known)
            yield ("after", position), f"there is no task or milestone `{name}` to wait for; {fix}"
        elif name in appeal.after[:position]:
            yield ("after", position), f"`{name}` is named twice"


def _kept(suppliers: dict[str, Supplier], backups: Backups | None) -> Iterator[Finding]:
    if backups is None or backups.kept_at is None:
        return
    here = ("backups", "kept_at")
    if backups.kept_at not in suppliers:
        yield here, f"there is no supplier `{backups.kept_at}`; {_fix(backups.kept_at, suppliers)}"
    elif suppliers[backups.kept_at].holds_data:
        yield here, f"`{backups.kept_at}` holds the data itself; backups are kept elsewhere"


CHECKS: tuple[Callable[..., Iterator[Finding]], ...] = (_candidates, _work, _appeals, _kept)
