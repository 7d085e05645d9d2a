"""Whatever is sent to the explorer, what comes back has a status below 500, in words, and no place on disk.

Made by hypothesis: methods, addresses, headers, bodies that are no JSON, JSON of any shape, and questions
that are nearly right. An exception in the server fails the test too: the test client lets it through.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the web libraries are an extra")
pytest.importorskip("httpx2", reason="starlette's test client needs it")

from starlette.testclient import TestClient

from sim.views.explorer.server import ASSETS, application
from sim.views.explorer.workers import Workers
from tests.architecture.source import ROOT

NAMES = ("host_suspended", "what_users_do")
EVERY_DAY, IN_ALL = 200, 2_000


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    files = {name: ROOT / "scenarios" / f"{name}.yaml" for name in NAMES}
    with TestClient(application(files, Workers(2)), base_url="http://127.0.0.1") as found:
        yield found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
PATHS = st.sampled_from(
    ["users.start", "users", "users.rivals", "users.network", "users.segments.core.patience", "seed",
     "clock.horizon", "clock.report_every", "events.suspend_host.at", "events.1", "suppliers.host", "backups",
     "capabilities.use.needs", "response.replace.host.search.candidates", "response.replace.host.tasks",
     "unknowns.users.churn", "extends", "strategies", "name", "", "users.network.file"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["null", "0", "-1", "1e308", "nan", "7 d", "1e9 d", "20 %", "{}", "[]", "{low: 1 d, high: 0 d}",
     "&a [*a]", "{mean: 1 h}", "{kind: edges, file: ../../etc/passwd}", "{people: 9999999}", "/etc/passwd",
     "!!python/object:os", "\u0000", "\ud800", "1\n2", "{law: empirical, of: []}"]
) | st.text(max_size=12)  # fmt: skip
SETTINGS = st.lists(st.builds("{}={}".format, PATHS, VALUES) | st.text(max_size=15), max_size=3)
SIDE = st.fixed_dictionaries(
    {}, optional={"settings": SETTINGS | JSON, "strategy": st.none() | st.text(max_size=8) | JSON}
)
NEARLY = st.fixed_dictionaries(
    {"scenario": st.sampled_from([*NAMES, "../x"]) | JSON},
    optional={
        "visitor": st.text(max_size=70) | JSON,
        "users": st.sampled_from(["expected", "sampled"]) | JSON,
        "sides": st.lists(SIDE, max_size=3) | JSON,
        "runs": st.sampled_from([0, 1, 200, 10**9]) | JSON,
        "settings": SETTINGS | JSON,
        "strategy": st.sampled_from(["door", "as_is"]) | JSON,
        "replication": st.sampled_from([0, -1, 10**9]) | JSON,
        "lost": st.lists(st.sampled_from(["host", "store", "x"]), max_size=3) | JSON,
        "more": JSON,
    },
)
BODIES = st.binary(max_size=60) | (NEARLY | JSON).map(lambda value: json.dumps(value).encode())
JOBS = ("controls", "answer", "replay", "breaks", "consequence", "scenarios", "x")
ADDRESSES = st.sampled_from(
    [*(f"/api/{name}" for name in JOBS), *ASSETS, "/scenario.yaml", "/report.html", "/../pyproject.toml",
     "/%2e%2e/etc/passwd", "/\u00e9"]
)  # fmt: skip
KINDS = st.sampled_from(["application/json"] * 6 + ["text/plain", "", "application/json; charset=utf-16"])
METHODS = st.sampled_from(["POST"] * 5 + ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "X"])


def asked(client: TestClient, method: str, address: str, kind: str, body: bytes) -> None:
    response = client.request(method, address, content=body, headers={"content-type": kind})
    assert response.status_code < 500, response.text
    assert str(ROOT) not in response.text
    assert "Traceback" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    if address.startswith("/api/") and response.status_code == 422:
        message = response.json()["message"]
        assert message
        assert "could not be computed" not in message, message  # an exception that nobody had thought of


def fetched(client: TestClient, address: str, query: dict[str, Any]) -> None:
    """Downloads; the report only where it is refused, for a real one takes seconds."""
    if address == "/report.html":
        query = {**query, "scenario": "nowhere"}
    response = client.get(address, params=query)
    assert response.status_code < 500, response.text
    assert "root:x:" not in response.text


REQUEST = {"method": METHODS, "address": ADDRESSES, "kind": KINDS, "body": BODIES}
HOW: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
QUERY = st.dictionaries(
    st.sampled_from(["scenario", "strategy", "set", "users", "x"]),
    st.text(max_size=20) | st.sampled_from([*NAMES, "../x", "users.start=9", "extends=/etc/passwd", "graph"]),
    max_size=4,
)


@settings(max_examples=EVERY_DAY, **HOW)
@given(**REQUEST)
def test_no_request_makes_the_server_break(
    client: TestClient, method: str, address: str, kind: str, body: bytes
) -> None:
    asked(client, method, address, kind, body)


@pytest.mark.slow
@settings(max_examples=IN_ALL, **HOW)
@given(**REQUEST)
def test_two_thousand_requests_do_not_make_the_server_break(
    client: TestClient, method: str, address: str, kind: str, body: bytes
) -> None:
    asked(client, method, address, kind, body)


@settings(max_examples=60, **HOW)
@given(address=st.sampled_from(["/scenario.yaml", "/report.html"]), query=QUERY)
def test_no_address_of_a_download_makes_the_server_break(
    client: TestClient, address: str, query: dict[str, Any]
) -> None:
    fetched(client, address, query)


def test_after_all_that_it_still_answers(client: TestClient) -> None:
    question = {"scenario": NAMES[0], "sides": [{}], "runs": 200}
    assert client.post("/api/answer", json=question).status_code == 200
