"""What several visitors ask for at once is computed once.

In: a job and a key that says what it is. Out: what the job gives back, to everybody who waits for it. The job
is wanted as long as one of them wants it: who asks something newer, or leaves, takes it from nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from sim.views.explorer.workers import SupersededError, Workers

Wanted = Callable[[], bool]


@dataclass(slots=True)
class Flight:
    """A job under way, and for each who waits for it whether they still want it."""

    task: asyncio.Task[Any] | None = None
    waiting: list[Wanted] = field(default_factory=list)

    def wanted(self) -> bool:
        """Whether anybody still wants it. Called in other threads too, so it looks at a copy."""
        return any(each() for each in tuple(self.waiting))


class Shared:
    """Jobs under way, by what they are.

    Parameters
    ----------
    workers
        Who does them.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._flights: dict[Hashable, Flight] = {}

    async def do(
        self, key: Hashable, job: str, *given: Any, at_most: float, wanted: Wanted | None = None
    ) -> Any:
        """What `Workers.do` gives, the same job being done once for all who ask for it meanwhile.

        Raises
        ------
        SupersededError
            If this visitor no longer wants it.
        HostfallError
            What the job raised, in words.
        """
        mine = wanted if wanted is not None else _always
        while True:
            flight = self._flights.get(key)
            if flight is None:
                flight = self._begin(key, job, given, at_most, mine)
            else:
                flight.waiting.append(mine)
            assert flight.task is not None
            try:
                # Who leaves does not take the job along, for others may wait for it.
                return await asyncio.shield(flight.task)
            except SupersededError:
                # All who waited before had gone, and it was ended just when this visitor came.
                if not mine():
                    raise
                if self._flights.get(key) is flight:
                    del self._flights[key]
            finally:
                flight.waiting.remove(mine)

    def _begin(self, key: Hashable, job: str, given: tuple[Any, ...], at_most: float, mine: Wanted) -> Flight:
        flight = Flight(waiting=[mine])
        self._flights[key] = flight
        flight.task = asyncio.ensure_future(
            self._workers.do(job, *given, at_most=at_most, wanted=flight.wanted)
        )

        def landed(task: asyncio.Task[Any]) -> None:
            if self._flights.get(key) is flight:
                del self._flights[key]
            if not task.cancelled():
                task.exception()  # looked at, whether anybody still waits for it or not

        flight.task.add_done_callback(landed)
        return flight


def _always() -> bool:
    return True
