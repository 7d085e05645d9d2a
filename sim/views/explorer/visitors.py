"""Who asks, what was already computed, and which question is the newest.

In: questions. Out: answers that grow block by block. A newer question of the same visitor ends the older one;
what several ask for at once is computed once; blocks are kept, so what was asked before, by anybody, is there
at once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from sim.errors import UsageError
from sim.views.explorer.asked import Question, Side
from sim.views.explorer.jobs import Opened, Part
from sim.views.explorer.sharing import Shared, Wanted
from sim.views.explorer.workers import SupersededError, Workers

OPENING, BLOCK_TIME, REPORT_TIME, ANSWER_TIME = 20.0, 30.0, 180.0, 180.0
"""Seconds that opening a scenario, a block, a report and a whole answer may take."""
SLOW_BLOCK_TIME = 90.0
"""The same of a block whose users are individuals in a network."""

KEPT_BYTES = 200_000_000
KEPT_SIDES = 200
VISITORS = 1_000
REPORT_RUNS = 1_000
DRAGGING = 0.08
"""Seconds between the first answer and what makes it better: who still drags asks something newer by then,
and finds the processes free."""
TOLD_AT_ONCE = 2
"""Answers that are put into words at the same time; each may need some hundred megabytes while it is."""


class Answering:
    """Answers the questions of all visitors of one server.

    Parameters
    ----------
    scenarios
        The files that may be asked for, by name. Nothing else is read.
    workers
        Where it is computed.
    """

    def __init__(self, scenarios: Mapping[str, Path], workers: Workers) -> None:
        self.scenarios = dict(scenarios)
        self.workers = workers
        self._shared = Shared(workers)
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._parts: OrderedDict[tuple[str, int], Part] = OrderedDict()
        self._bytes = 0
        self._reporting = asyncio.Semaphore(1)
        self._telling = asyncio.Semaphore(TOLD_AT_ONCE)

    def path(self, name: str) -> Path:
        """The file of a scenario in the list.

        Raises
        ------
        UsageError
            If it is not in the list.
        """
        if name not in self.scenarios:
            raise UsageError(f"there is no scenario `{name[:60]}`; there are {', '.join(self.scenarios)}")
        return self.scenarios[name]

    async def controls(self, side: Side) -> dict[str, Any]:
        """The inputs of one side."""
        given = (self.path(side.scenario), side.settings, side.strategy, side.users)
        key = ("list_controls", self._key(side))
        found: dict[str, Any] = await self._shared.do(key, "list_controls", *given, at_most=OPENING)
        return found

    async def resolved(self, side: Side) -> tuple[str, str]:
        """The name and the text of the scenario with the settings in it."""
        given = (self.path(side.scenario), side.settings, side.strategy)
        found: tuple[str, str] = await self.workers.do("resolved", *given, at_most=OPENING)
        return found

    async def report(self, side: Side) -> tuple[str, str]:
        """The name and the report of one side; one report at a time, so that blocks are not kept waiting."""
        given = (self.path(side.scenario), side.settings, side.strategy, side.users, REPORT_RUNS)
        async with self._reporting:
            found: tuple[str, str] = await self.workers.do("report", *given, at_most=REPORT_TIME)
        return found

    async def replay(self, side: Side, replication: int) -> dict[str, Any]:
        """One run as frames and as a dated story."""
        return await self._about(side, "replay", replication)

    async def breaks(self, side: Side, lost: tuple[str, ...]) -> dict[str, Any]:
        """Who depends on whom, with some suppliers lost."""
        return await self._about(side, "breaks", lost)

    async def consequence(self, side: Side, lost: tuple[str, ...]) -> dict[str, Any]:
        """What it costs if they are lost at the start, for good."""
        return await self._about(side, "consequence", lost)

    async def _about(self, side: Side, job: str, what: object) -> dict[str, Any]:
        opened = await self._open(side, None)
        found: dict[str, Any] = await self._shared.do(
            (job, opened.key, what), job, opened, what, at_most=BLOCK_TIME
        )
        return found

    async def answers(self, question: Question) -> AsyncIterator[dict[str, Any]]:
        """The answer after the first block, then better ones.

        Raises
        ------
        SupersededError
            If the visitor has asked something newer.
        """
        from sim.views.explorer.answers import answer

        wanted = self._newer(question.visitor)
        begun = monotonic()
        unique = dict.fromkeys(question.sides)
        found = await asyncio.gather(*(self._open(side, wanted) for side in unique))
        opened = dict(zip(unique, found, strict=True))
        parts: dict[Side, list[Part]] = {side: [] for side in unique}
        for block in range(question.blocks):
            new = await asyncio.gather(*(self._part(opened[side], block, wanted) for side in unique))
            for side, part in zip(unique, new, strict=True):
                parts[side].append(part)
            sides = [(opened[side], tuple(parts[side])) for side in question.sides]
            if block in _shown(question.blocks):
                async with self._telling:
                    if not wanted():
                        raise SupersededError
                    told = await asyncio.to_thread(answer, sides, question.runs)
                yield told
            if block == 0 and question.blocks > 1:
                await asyncio.sleep(DRAGGING)
            if not wanted():
                raise SupersededError
            if monotonic() - begun > ANSWER_TIME:
                raise UsageError(f"This takes more than {ANSWER_TIME:g} s here; more runs: use `run`.")

    def _newer(self, visitor: str) -> Wanted:
        """Note that this is a visitor's newest question; the answer says whether it still is."""
        mine = self._newest.pop(visitor, 0) + 1
        self._newest[visitor] = mine
        while len(self._newest) > VISITORS:
            self._newest.popitem(last=False)
        # Who gave no name has nothing to be told apart by, and ends nobody's question.
        return lambda: not visitor or self._newest.get(visitor, mine) == mine

    def _key(self, side: Side) -> str:
        changed = _changed(self.path(side.scenario))
        return repr((side.scenario, changed, side.strategy, side.settings, side.users))

    async def _open(self, side: Side, wanted: Wanted | None) -> Opened:
        key = self._key(side)
        if key not in self._opened:
            given = (key, self.path(side.scenario), side.settings, side.strategy, side.users)
            opened: Opened = await self._shared.do(
                ("open_side", key), "open_side", *given, at_most=OPENING, wanted=wanted
            )
            self._opened[key] = opened
            while len(self._opened) > KEPT_SIDES:
                self._opened.popitem(last=False)
            return opened
        self._opened.move_to_end(key)
        return self._opened[key]

    async def _part(self, opened: Opened, block: int, wanted: Wanted) -> Part:
        key = (opened.key, block)
        if key not in self._parts:
            given = (opened.key, opened.scenario, block, opened.users)
            at_most = SLOW_BLOCK_TIME if opened.users == "graph" else BLOCK_TIME
            part: Part = await self._shared.do(
                ("play_block", *key), "play_block", *given, at_most=at_most, wanted=wanted
            )
            if key not in self._parts:
                self._bytes += part.size
            self._parts[key] = part
            while self._bytes > KEPT_BYTES and len(self._parts) > 1:
                self._bytes -= self._parts.popitem(last=False)[1].size
            return part
        self._parts.move_to_end(key)
        return self._parts[key]


def _changed(path: Path) -> int:
    """When a file was last written, so that a newer one is read anew."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        raise UsageError("this scenario file is no longer there") from None


def _shown(blocks: int) -> set[int]:
    """After which blocks an answer is sent: the first, a few on the way, the last."""
    return {block for block in range(blocks) if block in {0, 1, 2, 4, 7, 9} or block % 5 == 4} | {blocks - 1}
