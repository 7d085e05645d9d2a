"""What goes to a worker and comes back: a scenario and numbers of blocks, finished files; nothing else.

A pool gains little where every task carries what the last one made, or brings back what nobody asked for.
"""

from __future__ import annotations

import pickle

import pytest

from sim.study.executors import Done, Task, compute
from sim.study.world import Counterfactual
from tests.studies import UNSURE, small


def task(*blocks: int, more: str = "") -> Task:
    """Some blocks of the small scenario."""
    return Task("as_is", small(more).scenario(), blocks, "expected", Counterfactual())


def size(what: object) -> int:
    """Of what is sent, bytes."""
    return len(pickle.dumps(what))


def test_a_task_is_its_scenario_and_some_numbers_however_many_blocks_it_has() -> None:
    one, many = task(0), task(*range(8))
    assert size(one) <= size(one.scenario) + 500
    assert size(many) <= size(one) + 8 * 16


@pytest.mark.parametrize("more", ["", UNSURE], ids=["drawn once", "drawn in every run"])
def test_what_comes_back_is_finished_files_and_whose_machine_it_was(more: str) -> None:
    """No timeline, history or scenario rides along: the files, and 2,000 bytes at most beside them."""
    done = compute(task(0, 1, more=more))
    assert isinstance(done, Done)
    files = [file for block in done.blocks for file in (block.rows, block.trajectories or b"")]
    assert size(done) <= sum(map(len, files)) + 2_000
