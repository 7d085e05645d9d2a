"""The explorer's server: the numbers are those of `run --set`, and nobody gets a status of 500.

The answers come from worker processes, as they do when it is used; the module shares one server.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the web libraries are an extra")
pytest.importorskip("uvicorn", reason="the web libraries are an extra")
pytest.importorskip("httpx2", reason="starlette's test client needs it")

from starlette.testclient import TestClient

from sim.outcomes import measures_of
from sim.scenario import load_scenario
from sim.streams import BLOCK
from sim.structure import structure_function
from sim.study import run_study
from sim.study.comparison import compare
from sim.study.consequence import consequences
from sim.study.simulate import simulate
from sim.study.statistics import mean_interval, quantile
from sim.views.explorer.asked import Question, read_question
from sim.views.explorer.jobs import part_of, play_block
from sim.views.explorer.pairs import gaps
from sim.views.explorer.server import ASSETS, application, listen
from sim.views.explorer.visitors import Answering
from sim.views.explorer.workers import SupersededError, TooLongError, Workers

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FILE = SCENARIOS / "host_suspended.yaml"
NAME = "host_suspended"
SETTING = "events.suspend_host.notice=7 d"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    files = {path.stem: path for path in sorted(SCENARIOS.glob("*.yaml"))}
    with TestClient(application(files, Workers(2)), base_url="http://127.0.0.1") as found:
        yield found


def ask(
    client: TestClient, *sides: dict[str, Any], runs: int = BLOCK, visitor: str = ""
) -> list[dict[str, Any]]:
    question = {"visitor": visitor, "scenario": NAME, "sides": list(sides) or [{}], "runs": runs}
    response = client.post("/api/answer", json=question)
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def main(answer: dict[str, Any], measure: str, side: int = 0) -> dict[str, Any]:
    return next(each for each in answer["sides"][side]["main"] if each["name"] == measure)


def test_a_block_of_the_explorer_is_the_block_of_the_library_bit_for_bit() -> None:
    scenario = load_scenario(FILE, settings=[SETTING]).scenario()
    part, whole = play_block("a key", scenario, 3), simulate(scenario, 3)
    assert whole.outcome is not None
    assert list(part.outcomes["replication"]) == list(range(3 * BLOCK, 4 * BLOCK))
    for name, column in whole.outcome.columns.items():
        assert np.array_equal(part.outcomes[name], column), name


def test_a_setting_changes_the_answer_as_set_changes_a_run(client: TestClient) -> None:
    (answer,) = ask(client, {"settings": [SETTING]})
    study = run_study(load_scenario(FILE, settings=[SETTING]), replications=BLOCK)
    lost = np.asarray(study.outcomes()["users_lost"])
    expected = mean_interval(lost)
    shown = main(answer, "users_lost")
    for key, value in (("value", expected.value), ("low", expected.low), ("high", expected.high)):
        assert shown[key] == float(f"{value:.6g}")
    downtime = quantile(np.sort(study.outcomes()["downtime"]), 0.5)
    assert main(answer, "downtime")["value"] == float(f"{downtime:.6g}")
    assert answer["sides"][0]["typical"] == study.typical()
    fan = study.fan()
    for name in ("mean", "p05", "p50", "p95", "counterfactual"):
        np.testing.assert_allclose(answer["sides"][0]["fan"][name], fan[name], rtol=1e-5, atol=1e-3)
    assert sum(answer["downtime"]["counts"][0]) == BLOCK
    plain = main(ask(client)[0], "users_lost")
    assert plain["value"] != shown["value"]


def test_more_runs_come_block_by_block_and_the_interval_shrinks(client: TestClient) -> None:
    answers = ask(client, runs=5 * BLOCK)
    assert answers[0]["done"] == BLOCK
    assert answers[-1]["done"] == 5 * BLOCK
    widths = [main(each, "users_lost")["high"] - main(each, "users_lost")["low"] for each in answers]
    # 5 times the runs: the width falls to 1 / sqrt(5) = 0.45 of it, give or take what its own error is.
    assert 0.35 < widths[-1] / widths[0] < 0.6
    lost = run_study(load_scenario(FILE), replications=5 * BLOCK).outcomes()["users_lost"]
    assert main(answers[-1], "users_lost")["value"] == float(f"{lost.mean():.6g}")


def test_a_side_compared_with_itself_differs_by_exactly_nothing(client: TestClient) -> None:
    same = {"settings": [SETTING]}
    other = {"settings": [SETTING, "response.replace.host.search.candidates=8"]}  # says what the file says
    for pair in ((same, same), (same, other)):
        (answer,) = ask(client, *pair)
        rows = answer["comparison"]["rows"]
        assert rows
        assert all(row["value"] == row["low"] == row["high"] == 0.0 for row in rows)
        assert {row["verdict"] for row in rows} == {"same"}


def test_the_difference_is_that_of_the_pairs(client: TestClient) -> None:
    (answer,) = ask(client, {}, {"settings": [SETTING]})
    before, after = (
        simulate(load_scenario(FILE, settings=each).scenario(), 0).outcome for each in ((), (SETTING,))
    )
    assert before is not None
    assert after is not None
    expected = mean_interval(after.columns["users_lost"] - before.columns["users_lost"])
    row = next(each for each in answer["comparison"]["rows"] if each["name"] == "users_lost")
    assert row["value"] == float(f"{expected.value:.6g}")
    assert row["low"] == float(f"{expected.low:.6g}")
    assert row["verdict"] == "better"


@pytest.mark.parametrize("setting", [SETTING, "users.churn=0.2 % per day", "seed=1"])
def test_differences_are_those_of_compare(setting: str) -> None:
    scenarios = [load_scenario(FILE, settings=each).scenario() for each in ((), (setting,))]
    one, other = (part_of(each, simulate(each, 0)).outcomes for each in scenarios)
    measures = measures_of(scenarios[0])
    expected = compare("B", "A", measures, other, one)
    found = gaps(measures, other, one)
    assert [each.measure for each in found] == [each.measure for each in expected]
    assert len({each.verdict for each in found}) > (setting != "seed=1")
    for mine, theirs in zip(found, expected, strict=True):
        ends = (mine.difference.value, mine.difference.low, mine.difference.high)
        assert ends == (theirs.difference, theirs.low, theirs.high)
        assert (mine.better, mine.restricted, mine.runs) == (theirs.better, theirs.restricted, theirs.runs)
        # Of runs that are cut and equal all the same the page says that they are equal.
        cut_but_equal = theirs.verdict == "cut" and theirs.equal == 1.0 and theirs.difference == 0.0
        assert mine.verdict == ("same" if cut_but_equal else theirs.verdict), mine.measure


def test_sides_with_other_seeds_are_not_paired(client: TestClient) -> None:
    (answer,) = ask(client, {}, {"settings": ["seed=2"]})
    assert answer["comparison"] == {"apart": "the seed", "rows": []}


def test_a_newer_question_ends_the_older_one_of_the_same_visitor_alone() -> None:
    def question(visitor: str, start: int) -> Question:
        side = {"settings": [f"users.start={start}"]}
        return read_question({"visitor": visitor, "scenario": NAME, "sides": [side], "runs": 3 * BLOCK})

    async def all_of_them() -> None:
        workers = Workers(1)
        workers.start()
        answering = Answering({NAME: FILE}, workers)
        try:
            older, other = (
                answering.answers(question("one", 1_000)),
                answering.answers(question("two", 2_000)),
            )
            assert (await anext(older))["done"] == BLOCK
            assert (await anext(other))["done"] == BLOCK
            newer = answering.answers(question("one", 3_000))
            assert (await anext(newer))["done"] == BLOCK
            with pytest.raises(SupersededError):
                await anext(older)
            assert (await anext(other))["done"] == 2 * BLOCK
            assert [each["done"] async for each in newer] == [2 * BLOCK, 3 * BLOCK]
        finally:
            workers.stop()

    asyncio.run(all_of_them())


def test_answers_of_visitors_are_never_mixed_up(client: TestClient) -> None:
    def one(visitor: int) -> float:
        start = 10_000 * (visitor + 1)
        (answer,) = ask(client, {"settings": [f"users.start={start}"]}, visitor=str(visitor))
        return float(answer["sides"][0]["fan"]["mean"][0]) / start

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(one, range(6))) == [1.0] * 6


def test_the_resolved_file_that_is_taken_along_loads_to_the_same_scenario(client: TestClient) -> None:
    from sim.scenario import load_text

    response = client.get("/scenario.yaml", params={"scenario": NAME, "set": [SETTING, "users.start=5000"]})
    assert response.headers["content-disposition"] == f'attachment; filename="{NAME}.yaml"'
    asked = load_scenario(FILE, settings=[SETTING, "users.start=5000"])
    assert load_text(response.text).digest == asked.digest


def test_the_replay_is_of_the_run_that_was_asked_for(client: TestClient) -> None:
    found = client.post("/api/replay", json={"scenario": NAME, "replication": 81}).json()
    assert found["replication"] == 81
    assert found["frames"][0]["hours"] == 0.0
    when, text, _ = found["story"][0]
    assert "1 Mar 2025" in when
    assert "1 million active users" in text


def test_the_worst_run_is_the_one_that_loses_the_most_users(client: TestClient) -> None:
    (answer,) = ask(client)
    outcome = simulate(load_scenario(FILE).scenario(), 0).outcome
    assert outcome is not None
    assert answer["sides"][0]["worst"] == int(np.argmax(outcome.columns["users_lost"]))


# -- what breaks what --------------------------------------------------------------------------------------


def states(client: TestClient, scenario: str, *lost: str) -> dict[str, str]:
    response = client.post("/api/breaks", json={"scenario": scenario, "lost": list(lost)})
    assert response.status_code == 200, response.text
    return {box["id"]: box["state"] for box in response.json()["boxes"]}


def test_who_is_taken_out_takes_down_what_needs_them_and_nothing_else(client: TestClient) -> None:
    assert set(states(client, NAME).values()) == {"up"}
    assert states(client, NAME, "host") == {"host": "lost", "store": "up", "use": "down", "install": "down"}
    assert states(client, NAME, "store") == {"host": "up", "store": "lost", "use": "up", "install": "down"}


def test_states_are_those_of_the_structure_for_every_pair_of_suppliers(client: TestClient) -> None:
    scenario = load_scenario(SCENARIOS / "parler_2021.yaml").scenario()
    roles = list(scenario.suppliers)
    cuts = {name: structure_function(scenario).cut_sets(name) for name in scenario.capabilities}
    for pair in zip(roles, roles[1:] + roles[:1], strict=True):
        found = states(client, "parler_2021", *pair)
        for name, each in cuts.items():
            stopped = any(set(cut) <= set(pair) for cut in each)
            assert (found[name] == "down") == stopped, (pair, name)


def test_what_a_loss_costs_is_what_the_study_of_single_losses_says(client: TestClient) -> None:
    scenario = load_scenario(FILE).scenario()
    expected = {each.roles: each for each in consequences(scenario).roles}
    for role in scenario.suppliers:
        asked = {"scenario": NAME, "lost": [role]}
        found = client.post("/api/consequence", json=asked).json()
        one = expected[role,]
        assert found["runs"] == one.runs
        assert found["users_lost"] == pytest.approx([one.users_lost, one.low, one.high], rel=1e-12, abs=1e-6)


def test_losing_who_is_not_there_or_nobody_is_refused(client: TestClient) -> None:
    for path, lost in (("breaks", ["nobody"]), ("consequence", []), ("breaks", "host"), ("breaks", [1])):
        response = client.post(f"/api/{path}", json={"scenario": NAME, "lost": lost})
        assert response.status_code == 422, (path, lost)


@pytest.mark.slow
def test_the_report_is_one_page_that_loads_nothing(client: TestClient) -> None:
    response = client.get("/report.html", params={"scenario": NAME, "set": SETTING})
    assert response.status_code == 200
    assert "1,000" in response.text
    assert "script" not in response.headers["content-security-policy"]


# -- what is wrong is told ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("events.suspend_host.notise=7 d", "notice"),
        ("users.start=many", "users.start"),
        ("no equals sign", "path=value"),
        ("strategies.x=1", "cannot be set"),
        ("name=other", "cannot be set"),
        ("extends=/etc/passwd", "extends"),
        ("clock.horizon=3000 d", "five years"),
        ("clock.report_every=1 s", "report"),
        ("response.replace.host.search.candidates=9999", "at most 1,000"),
        ("users.network={people: 100000}", "at most 2,000 people"),
        ("users.network={people: 2000, friends: 400}", "20,000 ties"),
        ("users.network={kind: edges, file: ties.csv}", "beside the scenario"),
        ("users.network={kind: edges, file: /etc/passwd}", "elsewhere"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_reason(
    client: TestClient, setting: str, said: str
) -> None:
    for path, body in (
        ("/api/controls", {"scenario": NAME, "settings": [setting]}),
        ("/api/answer", {"scenario": NAME, "sides": [{"settings": [setting]}], "runs": BLOCK}),
    ):
        response = client.post(path, json=body)
        assert response.status_code == 422, response.text
        assert said in response.json()["message"]
        assert str(SCENARIOS) not in response.text


@pytest.mark.parametrize("name", ["../pyproject", "/etc/passwd", "", "host_suspended.yaml", "nowhere"])
def test_a_scenario_goes_by_a_name_of_the_list_alone(client: TestClient, name: str) -> None:
    assert client.post("/api/controls", json={"scenario": name}).status_code == 422
    assert client.get("/scenario.yaml", params={"scenario": name}).status_code == 422


def test_a_job_that_takes_too_long_is_ended_and_the_next_one_done() -> None:
    async def both() -> str:
        workers = Workers(1)
        workers.start()
        try:
            with pytest.raises(TooLongError, match="more than"):
                await workers.do("report", FILE, (), None, "expected", 5_000, at_most=0.01)
            name, _ = await workers.do("resolved", FILE, (), None, at_most=60.0)
            return str(name)
        finally:
            workers.stop()

    assert asyncio.run(both()) == NAME


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
PATHS = st.sampled_from(
    ["users.start", "clock", "events", "events.1", "events.suspend_host.at", "response.replace.host",
     "seed", "unknowns", "unknowns.users.churn", "backups", "suppliers", "users.segments", ""]
)  # fmt: skip
SETTINGS = st.builds("{}={}".format, PATHS, st.text(max_size=30)) | st.text(max_size=30)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.sampled_from(["/api/controls", "/api/answer", "/api/replay", "/api/breaks", "/api/consequence"]),
    body=JSON,
)
def test_no_body_makes_the_server_break(client: TestClient, path: str, body: object) -> None:
    content = json.dumps(body)
    response = client.post(path, content=content, headers={"content-type": "application/json"})
    assert 400 <= response.status_code < 500
    assert response.json()["message"]


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(some=st.lists(SETTINGS, max_size=3), strategy=st.none() | st.text(max_size=8))
def test_no_setting_makes_the_server_break(client: TestClient, some: list[str], strategy: str | None) -> None:
    response = client.post("/api/controls", json={"scenario": NAME, "strategy": strategy, "settings": some})
    assert response.status_code in {200, 422}


def test_bytes_that_are_no_json_and_other_kinds_of_content_are_refused(client: TestClient) -> None:
    kind = {"content-type": "application/json"}
    for content in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b" " * 300_000):
        assert client.post("/api/answer", content=content, headers=kind).status_code == 422
    # What a form of another site could send without asking.
    plain = {"content-type": "text/plain"}
    assert client.post("/api/answer", content=b"{}", headers=plain).status_code == 422
    assert client.get("/api/answer").status_code == 405
    assert client.get("/etc/passwd").status_code == 404


# -- nothing leaves the machine ------------------------------------------------------------------------------


def test_the_page_loads_from_its_own_server_alone(client: TestClient) -> None:
    for path in ASSETS:
        response = client.get(path)
        assert response.status_code == 200
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        addresses = [word for word in response.text.split('"') if word.startswith(("http:", "https:", "//"))]
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}  # the name of a kind of element
        assert response.headers["x-content-type-options"] == "nosniff"
    assert "style=" not in client.get("/").text  # what the policy would refuse
    assert "<script>" not in client.get("/").text


def test_other_sites_and_other_names_of_this_machine_are_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    crossed = {"sec-fetch-site": "cross-site"}
    assert client.get("/api/scenarios", headers=crossed).status_code == 403
    assert client.get("/api/scenarios", headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_it_listens_on_the_loopback_address_and_a_port_that_is_free() -> None:
    bound = listen(0)
    try:
        address, port = bound.getsockname()
        assert address == "127.0.0.1"
        assert port > 0
        with socket.create_connection((address, port), timeout=5):
            pass
    finally:
        bound.close()


def test_every_label_of_the_page_names_a_control_and_every_place_the_script_fills_is_there() -> None:
    import re

    assets = Path(__file__).resolve().parents[2] / "sim" / "views" / "explorer" / "assets"
    page = (assets / "explorer.html").read_text(encoding="utf-8")
    names = ("explorer", "results", "breaks", "page")
    script = "".join((assets / f"{name}.js").read_text(encoding="utf-8") for name in names)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'\bfor="([^"]+)"', page)) <= ids
    assert set(re.findall(r'\bel\("([^"]+)"\)', script)) <= ids
    assert 'aria-live="polite"' in page
    assert 'role="alert"' in page


# -- individuals ---------------------------------------------------------------------------------------------


def test_users_are_followed_in_one_of_two_ways_and_individuals_have_inputs_of_their_own(
    client: TestClient,
) -> None:
    others: list[object] = ["sampled", "", 1, None, []]
    for wrong in others:
        question: dict[str, object] = {"scenario": NAME, "users": wrong, "sides": [{}], "runs": BLOCK}
        assert client.post("/api/answer", json=question).status_code == 422
    found = {}
    for users in ("expected", "graph"):
        listed = client.post("/api/controls", json={"scenario": NAME, "users": users}).json()
        found[users] = {control["path"] for control in listed["controls"]}
    assert {"users.network", "users.friends.leaves_below"} <= found["graph"] - found["expected"]


@pytest.mark.slow
def test_individuals_in_a_network_are_followed_as_run_follows_them(client: TestClient) -> None:
    few = ["users.network={people: 30, friends: 4}", "users.friends.at_least=2"]
    question = {"scenario": NAME, "users": "graph", "sides": [{"settings": few}], "runs": BLOCK}
    response = client.post("/api/answer", json=question)
    assert response.status_code == 200, response.text
    answer = json.loads(response.text)
    outcome = simulate(load_scenario(FILE, settings=few).scenario(), 0, users="graph").outcome
    assert outcome is not None
    expected = mean_interval(np.asarray(outcome.columns["users_lost"], dtype=float)).value
    assert main(answer, "users_lost")["value"] == float(f"{expected:.6g}")
    plain = client.post("/api/answer", json={**question, "users": "expected"})
    assert main(json.loads(plain.text), "users_lost")["value"] != float(f"{expected:.6g}")
