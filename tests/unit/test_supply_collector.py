"""The garbage collector is out of the way during a block, and in its place again afterwards."""

from __future__ import annotations

import gc

import pytest

from sim.supply.collector import paused


def test_it_rests_inside_and_works_again_afterwards_also_after_an_error() -> None:
    def broken() -> None:
        with paused():
            with paused():
                assert not gc.isenabled()
            assert not gc.isenabled()
            raise KeyError

    assert gc.isenabled()
    with pytest.raises(KeyError):
        broken()
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
