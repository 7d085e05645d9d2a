"""The table of draws: a column a name and attempt, its own whatever else is asked for."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest

from sim.streams import BLOCK, Draws, generator


def test_a_table_may_grow_without_changing_a_bit() -> None:
    short, long = Draws(1, 0), Draws(1, 0)
    column = short.column("host.adapt / takes", 0).copy()
    for attempt in range(5, -1, -1):
        long.column("edge / lasts", attempt)
        long.column("host.adapt / takes", attempt)
    assert np.array_equal(long.column("host.adapt / takes", 0), column)
    assert np.array_equal(long.column("host.adapt / takes", 3), short.column("host.adapt / takes", 3))


def test_names_that_look_alike_share_nothing() -> None:
    names = [f"host.candidate.{i} / {purpose}" for i in range(50) for purpose in ("answer", "reply")]
    names += [f"host.candidate.{i} / answer " for i in range(50)]
    values = np.concatenate([Draws(1, 0).column(name) for name in names])
    assert np.unique(values).size == values.size


def test_draws_of_different_names_blocks_and_attempts_are_uniform_and_uncorrelated() -> None:
    """60 x 200 uniforms; sees a mean wrong by 0.011, a variance by 0.0027, a correlation of 0.35."""
    columns = [
        Draws(5, block).column(f"name {i}", attempt)
        for i in range(10)
        for block in range(3)
        for attempt in (0, 1)
    ]
    values = np.concatenate(columns)
    assert abs(values.mean() - 0.5) <= 4 / np.sqrt(12 * values.size)
    assert abs(values.var() - 1 / 12) <= 4 * np.sqrt(1 / 180 / values.size)
    off = np.asarray(np.corrcoef(columns))[np.triu_indices(len(columns), 1)]
    # 1,770 pairs: the largest of so many standard normals is below 5 (Bonferroni at 1e-3).
    assert np.abs(off).max() <= 5 / np.sqrt(BLOCK)


def test_a_generator_is_found_by_all_of_its_spawn_numbers() -> None:
    first = generator(1, "core / users", 0).random()
    assert first == generator(1, "core / users", 0).random()
    others = {generator(1, "core / users", 1).random(), generator(2, "core / users", 0).random()}
    assert first not in others | {
        generator(1, "core / user", 0).random(),
        generator(1, "core / users").random(),
    }


@pytest.mark.parametrize("seed", [0, 1, 20210111, 2**32 - 1, 2**32, 2**63 - 1])
@pytest.mark.parametrize("spawn", [(), (0,), (7,), (123_456, 3)])
def test_a_generator_is_that_of_a_seed_sequence_with_the_name_as_its_spawn_key(
    seed: int, spawn: tuple[int, ...]
) -> None:
    digest = sha256(b"host / fails").digest()
    words = [int.from_bytes(digest[i : i + 4], "big") for i in (0, 4, 8, 12)]
    plain = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*words, *spawn)))
    assert np.array_equal(generator(seed, "host / fails", *spawn).random(50), plain.random(50))
