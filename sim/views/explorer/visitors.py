"""Who asks, what was already computed, and which question is the newest.

In: questions. Out: answers that grow block by block. A newer question of the same visitor ends the older one;
blocks are kept, so what was asked before, by anybody, is there at once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from sim.errors import UsageError
from sim.views.explorer.asked import Question, Side
from sim.views.explorer.jobs import Opened, Part
from sim.views.explorer.workers import SupersededError, Workers

OPENING, BLOCK_TIME, REPORT_TIME, ANSWER_TIME = 20.0, 30.0, 180.0, 180.0
"""Seconds that opening a scenario, a block, a report and a whole answer may take."""

KEPT_BYTES = 200_000_000
KEPT_SIDES = 200
VISITORS = 1_000
REPORT_RUNS = 1_000


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
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._parts: OrderedDict[tuple[str, int], Part] = OrderedDict()
        self._bytes = 0
        self._reporting = asyncio.Semaphore(1)

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
        found: dict[str, Any] = await self._of_file("list_controls", side, OPENING)
        return found

    async def resolved(self, side: Side) -> tuple[str, str]:
        """The name and the text of the scenario with the settings in it."""
        found: tuple[str, str] = await self._of_file("resolved", side, OPENING)
        return found

    async def report(self, side: Side) -> tuple[str, str]:
        """The name and the report of one side; one report at a time, so that blocks are not kept waiting."""
        path = self.path(side.scenario)
        async with self._reporting:
            found: tuple[str, str] = await self.workers.do(
                "report", path, side.settings, side.strategy, REPORT_RUNS, at_most=REPORT_TIME
            )
        return found

    async def story(self, side: Side, replication: int) -> dict[str, Any]:
        """One run as a dated story."""
        opened = await self._open(side, None)
        found: dict[str, Any] = await self.workers.do("tell", opened, replication, at_most=BLOCK_TIME)
        return found

    async def _of_file(self, job: str, side: Side, at_most: float) -> Any:
        return await self.workers.do(
            job, self.path(side.scenario), side.settings, side.strategy, at_most=at_most
        )

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
            if not wanted():
                raise SupersededError
            if block in _shown(question.blocks):
                yield await asyncio.to_thread(answer, sides, question.runs)
            if monotonic() - begun > ANSWER_TIME:
                raise UsageError(f"This takes more than {ANSWER_TIME:g} s here; more runs: use `run`.")

    def _newer(self, visitor: str) -> Callable[[], bool]:
        """Note that this is a visitor's newest question; the answer says whether it still is."""
        mine = self._newest.pop(visitor, 0) + 1
        self._newest[visitor] = mine
        while len(self._newest) > VISITORS:
            self._newest.popitem(last=False)
        # Who gave no name has nothing to be told apart by, and ends nobody's question.
        return lambda: not visitor or self._newest.get(visitor, mine) == mine

    async def _open(self, side: Side, wanted: Callable[[], bool] | None) -> Opened:
        path = self.path(side.scenario)
        key = repr((side.scenario, _changed(path), side.strategy, side.settings))
        if key not in self._opened:
            given = (key, path, side.settings, side.strategy)
            self._opened[key] = await self.workers.do("open_side", *given, at_most=OPENING, wanted=wanted)
            while len(self._opened) > KEPT_SIDES:
                self._opened.popitem(last=False)
        self._opened.move_to_end(key)
        return self._opened[key]

    async def _part(self, opened: Opened, block: int, wanted: Callable[[], bool]) -> Part:
        key = (opened.key, block)
        if key not in self._parts:
            given = (opened.key, opened.scenario, block)
            part: Part = await self.workers.do("play_block", *given, at_most=BLOCK_TIME, wanted=wanted)
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
