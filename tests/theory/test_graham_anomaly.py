"""More engineers can finish later, and so can shorter tasks.

Graham's nine tasks take 3, 2, 2, 2, 4, 4, 4, 4 and 9 hours; the ninth follows the first, the fifth to the
eighth follow the fourth. Three engineers finish after 12 h and four after 15 h; three take 13 h if every task
is an hour shorter. So "more engineers, or more notice, never end later" is a law only where there are enough
engineers for everything at once. (Graham's engineers take the first ready task of the list, ours the one that
has been ready for longest; in these three cases both do the same.)

Source: R. L. Graham, Bounds on multiprocessing timing anomalies, SIAM J. Appl. Math. 17 (1969) 416-429.
Exact.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.supplies import downtime, platform, played, record

HOURS = (3, 2, 2, 2, 4, 4, 4, 4, 9)
AFTER = {9: 1, 5: 4, 6: 4, 7: 4, 8: 4}


def finished_after(engineers: int | None, *, shorter: int = 0) -> float:
    """Hours until the last of the nine tasks is done."""
    tasks = {
        f"t{number}": {
            "takes": f"{hours - shorter} h",
            **({"after": [f"t{AFTER[number]}"]} if number in AFTER else {}),
        }
        for number, hours in enumerate(HOURS, start=1)
    }
    response: dict[str, Any] = {"detection": "0 h", "replace": {"host": {"tasks": tasks}}}
    if engineers is not None:
        response["engineers"] = engineers
    return downtime(played(platform(events=[{"suspend": "host", "at": "1 h"}], response=response)))


@pytest.mark.parametrize(("engineers", "hours"), [(3, 12.0), (4, 15.0), (9, 12.0), (None, 12.0)])
def test_a_fourth_engineer_makes_nine_tasks_take_three_hours_more(
    engineers: int | None, hours: float
) -> None:
    assert finished_after(engineers) == hours


def test_shorter_tasks_can_take_longer() -> None:
    assert finished_after(3, shorter=1) == 13.0


def test_the_longest_task_waits_where_four_work() -> None:
    """What makes it so: with four engineers the short tasks are begun before the long one is ready."""
    tasks = {f"t{n}": {"takes": f"{h} h", "after": [f"t{AFTER[n]}"] if n in AFTER else []}
             for n, h in enumerate(HOURS, start=1)}  # fmt: skip
    response = {"detection": "0 h", "engineers": 4, "replace": {"host": {"tasks": tasks}}}
    timeline = played(platform(events=[{"suspend": "host", "at": "1 h"}], response=response))
    assert record(timeline, "host", "t9").start == 7.0
