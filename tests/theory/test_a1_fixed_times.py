"""A critical path of fixed times, and its trap: the line that moves the data has float to spare.

A loss is seen after 0.25 d; two candidates refuse and the third accepts, 1.5 d each; 2 d of contract, 1 d of
provision; then 70e12 bytes over 10e9 bit/s of which 0.7 is useful (70e12 x 8 / 7e9 s = 0.926 d) beside 5 d of
porting; 1 d of tests; a time to live of 3600 s. The last user is back after 13.791666... d, and the transfer
could take 4.07407... d longer without anybody noticing.

Source: critical path method, J. E. Kelley and M. R. Walker, Critical-path planning and scheduling, Proc.
Eastern Joint Computer Conference 1959, 160-173; the numbers by arithmetic. Exact: relative 1e-12.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.supplies import DAY, causes, downtime, platform, played, record

TRANSFER_DAYS = 0.92592592592592592593
DOWNTIME_LAST_USER = 13.791666666666666667
FLOAT_OF_TRANSFER = 4.0740740740740740741


def scenario(bandwidth: str = "10 Gbit/s") -> Any:
    refuses, accepts = ({"acceptance": share, "reply": "1.5 d"} for share in ("0 %", "100 %"))
    tasks = {
        "contract": {"after": ["host_found"], "takes": "2 d"},
        "provision": {"after": ["contract"], "takes": "1 d"},
        "transfer": {
            "after": ["provision"], "data": "70 TB", "bandwidth": bandwidth, "utilisation": "70 %",
        },
        "port": {"after": ["provision"], "takes": "5 d"},
        "test": {"after": ["transfer", "port"], "takes": "1 d"},
    }  # fmt: skip
    search = {"candidates": [refuses, refuses, accepts]}
    host = {"search": search, "tasks": tasks, "cut_over": {"ttl": "3600 s"}}
    return platform(
        events=[{"suspend": "host", "at": "10 d"}],
        response={"detection": "0.25 d", "replace": {"host": host}},
    )


def test_the_last_user_is_back_after_the_longest_path() -> None:
    level = played(scenario()).levels["use"]
    assert (level.times[-1] - 10 * DAY) / DAY == pytest.approx(DOWNTIME_LAST_USER, rel=1e-12)
    assert level.values[-1] == 1.0


def test_the_transfer_takes_its_bytes_over_the_useful_line() -> None:
    done = record(played(scenario()), "host", "transfer")
    assert (done.end - done.start) / DAY == pytest.approx(TRANSFER_DAYS, rel=1e-12)


def test_the_float_of_the_transfer_is_what_porting_takes_longer() -> None:
    timeline = played(scenario())
    spare = record(timeline, "host", "port").end - record(timeline, "host", "transfer").end
    assert spare / DAY == pytest.approx(FLOAT_OF_TRANSFER, rel=1e-12)
    assert "host.transfer" not in {cause for cause, _, _ in causes(timeline)}


def test_a_line_twice_as_fast_changes_nothing() -> None:
    assert downtime(played(scenario("20 Gbit/s"))) == downtime(played(scenario()))


def test_the_path_is_booked_piece_by_piece() -> None:
    days = [(cause, hours / DAY) for cause, _, hours in causes(played(scenario()))]
    assert [cause for cause, _ in days] == [
        "host.detection", "host.search", "host.contract", "host.provision", "host.port", "host.test",
    ]  # fmt: skip
    assert [each for _, each in days] == pytest.approx([0.25, 4.5, 2.0, 1.0, 5.0, 1.0], rel=1e-12)
