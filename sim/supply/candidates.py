"""Who can be asked to play a role, in what order, and what each would answer: compiled once a block.

In: the search of a scenario. Out: a `SearchPlan`, and columns of random quantities. Those who stand by are
asked first and all at once, then the list, then those who are the last resort; the three share one name
space, and a draw is called "<role>.candidate.<name> / answer", "/ reply", "/ lead", "/ withdraws" or
"/ drops". What no candidate has costs no column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.inputs import Inputs
from sim.scenario.model import Candidate, Replacement, Scenario, Search
from sim.streams import BLOCK
from sim.supply.columns import number, quantile, unknown, until
from sim.supply.plan import Job, SearchPlan
from sim.supply.quantities import Column
from sim.supply.timeline import none_left

Listed = tuple[str, str, Candidate | None]
"""A candidate's name, its path within the search, and what is said of it."""


def listed(search: Search) -> list[Listed]:
    """All candidates in the order of asking, by name or by their place from 1."""
    named = search.candidates
    candidates: list[Listed] = [
        *_tier("standby", search.standby, "standby."),
        *(
            [(str(place), f"candidates.{place}", None) for place in range(1, named + 1)]
            if isinstance(named, int)
            else _tier("candidates", named, "")
        ),
        *_tier("fallback", search.fallback, "fallback."),
    ]
    return candidates


def _tier(field: str, candidates: Sequence[Candidate], prefix: str) -> Iterator[Listed]:
    for place, candidate in enumerate(candidates, start=1):
        yield candidate.name or f"{prefix}{place}", f"{field}.{place}", candidate


def search_plan(
    scenario: Scenario, role: str, replacement: Replacement, order: int, column: int
) -> tuple[SearchPlan | None, list[Column]]:
    """The plan of a role's search, and its columns, the first of which is number `column` of their table."""
    search = replacement.search
    if search is None:
        return None, []
    candidates = listed(search)
    number_of, columns = len(candidates), answers(scenario, role, search, candidates)
    at = column + 2 * number_of
    places: dict[str, int] = {}
    for field, make in _MORE.items():
        made = make(scenario, role, search, candidates)
        places[field] = at if made else -1
        at += len(made)
        columns += made
    everything = tuple(i for i, task in enumerate(replacement.tasks.values()) if not task.always)
    skips = [_skips(replacement, one, everything) for _, _, one in candidates]
    plan = SearchPlan(
        work=Job("search", role, "search", "search", order, f"{role}.search", "search"),
        nobody=Job("search", role, "none_left", none_left(role), order + 1, none_left(role), "search"),
        lead=Job("wait", role, "lead", "lead", order, f"{role}.lead", "wait"),
        entities=tuple(f"{role}.candidate.{name}" for name, _, _ in candidates),
        names=tuple(name for name, _, _ in candidates),
        at_once=search.at_once,
        batches=search.batches,
        tiers=_tiers(search, number_of),
        skips=tuple(skips) if any(skips) else (),
        special=any(skips) or any(place >= 0 for field, place in places.items() if field != "publicity"),
        answers=column,
        **places,
    )
    return plan, columns


def _tiers(search: Search, candidates: int) -> tuple[tuple[int, int], ...]:
    """Where each tier ends and how many of it are asked at once; empty for one plain list."""
    first, last = len(search.standby), candidates - len(search.fallback)
    if not search.batches and not first and last == candidates:
        return ()
    tiers = ((first, first), (last, search.at_once), (candidates, search.at_once))
    return tuple((end, at_once) for end, at_once in tiers if at_once)


def _skips(
    replacement: Replacement, candidate: Candidate | None, everything: tuple[int, ...]
) -> tuple[int, ...]:
    """The tasks that need not be done with a candidate, by place."""
    if candidate is None or not candidate.skips:
        return ()
    if candidate.skips == "everything":
        return everything
    return tuple(i for i, name in enumerate(replacement.tasks) if name in candidate.skips)


# -- whether they accept, and when they say so ---------------------------------------------------------------


def answers(scenario: Scenario, role: str, search: Search, candidates: Sequence[Listed]) -> list[Column]:
    """Whether each candidate accepts, then after how many hours each says so.

    Neighbours that answer by the same law are drawn together, which spares a long list many small calls.
    With publicity the first is a number: it accepts if that is below the share that publicity leaves.
    """
    publicised = search.publicity > 0.0 or unknown(scenario, f"response.replace.{role}.search.publicity")
    accepts = _odds if publicised else _acceptances
    return [
        *(
            partial(accepts, path, role, who)
            for path, who in _groups(scenario, role, candidates, "acceptance")
        ),
        *(partial(_replies, path, role, who) for path, who in _groups(scenario, role, candidates, "reply")),
    ]


def _groups(
    scenario: Scenario, role: str, candidates: Sequence[Listed], field: str
) -> list[tuple[str, list[str]]]:
    """Where the law of a field stands, and which candidates in a row read it there."""
    groups: list[tuple[str, list[str]]] = []
    for name, place, said in candidates:
        at = _path(scenario, role, place, said, field)
        if groups and groups[-1][0] == at:
            groups[-1][1].append(name)
        else:
            groups.append((at, [name]))
    return groups


def _path(scenario: Scenario, role: str, place: str, said: Candidate | None, field: str) -> str:
    """Where a field of a candidate stands: at its own place, or at the search it inherits it from."""
    search = f"response.replace.{role}.search"
    own = f"{search}.{place}.{field}"
    if (said is not None and field in said.model_fields_set) or unknown(scenario, own):
        return own
    return f"{search}.{field}"


def _acceptances(path: str, role: str, names: Sequence[str], inputs: Inputs, attempt: int) -> ArrayLike:
    """Whether each accepts: its own draw against its probability, given the mood all share."""
    return _drawn(inputs, role, names, "answer", attempt) < inputs.quantile(
        path, f"{role}.search / mood", attempt
    )


def _odds(path: str, role: str, names: Sequence[str], inputs: Inputs, attempt: int) -> ArrayLike:
    """Each one's own draw as a part of its probability: it accepts if less than that part is left of it."""
    probability = inputs.quantile(path, f"{role}.search / mood", attempt)
    drawn = _drawn(inputs, role, names, "answer", attempt)
    odds = np.full(drawn.shape, np.inf)
    np.divide(drawn, probability, out=odds, where=np.broadcast_to(probability > 0.0, drawn.shape))
    return odds


def _replies(path: str, role: str, names: Sequence[str], inputs: Inputs, attempt: int) -> ArrayLike:
    """After how many hours each answers."""
    law, unknowns = inputs.law(path)
    if law.is_constant and not unknowns:
        return np.full((len(names), BLOCK), law.median())
    return law.quantile(_drawn(inputs, role, names, "reply", attempt), **unknowns)


def _drawn(
    inputs: Inputs, role: str, names: Sequence[str], purpose: str, attempt: int
) -> NDArray[np.float64]:
    """The draws of several candidates, shape (names, replications)."""
    return np.stack([inputs.draws.column(f"{role}.candidate.{name} / {purpose}", attempt) for name in names])


# -- what comes after a yes ----------------------------------------------------------------------------------


def _publicity(scenario: Scenario, role: str, search: Search, candidates: Sequence[Listed]) -> list[Column]:
    """By how much acceptance falls with each supplier that has left."""
    path = f"response.replace.{role}.search.publicity"
    return [number(scenario, path, search.publicity)] if search.publicity or unknown(scenario, path) else []


def _leads(scenario: Scenario, role: str, search: Search, candidates: Sequence[Listed]) -> list[Column]:
    """Hours from each one's yes until work with it can begin."""
    columns: list[Column] = []
    for name, place, said in candidates:
        path = f"response.replace.{role}.search.{place}.lead"
        draw = f"{role}.candidate.{name} / lead"
        columns.append(0.0 if said is None else quantile(scenario, path, said.lead, draw))
    return columns if any(column != 0.0 for column in columns) else []


def _capacities(scenario: Scenario, role: str, search: Search, candidates: Sequence[Listed]) -> list[Column]:
    """The share of the load that each can carry."""
    columns = [
        1.0
        if said is None
        else number(scenario, f"response.replace.{role}.search.{place}.capacity", said.capacity)
        for _, place, said in candidates
    ]
    return columns if any(column != 1.0 for column in columns) else []


def _hazards(
    field: str, scenario: Scenario, role: str, search: Search, candidates: Sequence[Listed]
) -> list[Column]:
    """Hours until each goes back on its word, or leaves."""
    columns = []
    for name, place, said in candidates:
        path = _path(scenario, role, place, said, field)
        hazard: float = getattr(search if said is None else said, field)
        columns.append(until(scenario, path, hazard, f"{role}.candidate.{name} / {field}"))
    return columns if any(column != float("inf") for column in columns) else []


_MORE: dict[str, Callable[[Scenario, str, Search, Sequence[Listed]], list[Column]]] = {
    "publicity": _publicity,
    "leads": _leads,
    "capacities": _capacities,
    "withdraws": partial(_hazards, "withdraws"),
    "drops": partial(_hazards, "drops"),
}
"""Columns that only some searches have, by the field of the plan that says where they begin."""
