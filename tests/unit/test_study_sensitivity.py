"""Sensitivity studies: what is evaluated, what is on disk, what is refused."""

from __future__ import annotations

import csv
import json
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import ArchiveError, HostfallError, UsageError
from sim.outcomes import measures_of
from sim.scenario import ScenarioFile
from sim.streams import BLOCK, Draws
from sim.study import world
from sim.study.executors import WorkersLostError
from sim.study.run import StudyInterrupted
from sim.study.sensitivity import Sensitivity, default_folder, inputs_of, run_sensitivity, sobol_indices
from sim.study.sensitivity import evaluate as evaluation
from sim.study.sensitivity import run as running
from sim.study.sensitivity.design import screening_points, sobol_points
from sim.study.sensitivity.evaluate import Evaluation, GivenDraws, Task, evaluate
from sim.study.sensitivity.order import names, order_of, points, task
from sim.study.simulate import simulate
from sim.study.summary import values
from tests.studies import STRATEGIES, small
from tests.unit.test_study_run import Dying

CHURN = "users.segments.slow.churn"
ACCEPTANCE = "response.replace.host.search.acceptance"
PATIENCE = "users.segments.slow.patience.mean"
UNKNOWNS = f"""
unknowns:
  {ACCEPTANCE}: {{low: 10 %, likely: 30 %, high: 60 %}}
  {PATIENCE}: {{median: 30 d, p90: 60 d}}
  {CHURN}: {{low: 0.01 % per day, high: 0.4 % per day, law: uniform}}
"""


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    return small(UNKNOWNS)


def asked(file: ScenarioFile, *, screen: bool = False, **options: Any) -> Any:
    chosen = {"strategy": None, "measures": (), "base": 128, "groups": None, "command": ""} | options
    return order_of(file, screen=screen, **chosen)


# -- one block -----------------------------------------------------------------------------------------


def test_given_the_unknowns_own_draws_it_is_the_study_bit_for_bit(file: ScenarioFile) -> None:
    scenario = file.scenario()
    draws = Draws(scenario.seed, 3)
    given = {path: draws.column(f"unknown / {path}") for path in scenario.unknowns}
    found = evaluate(scenario, 3, given)
    outcome = simulate(scenario, 3).outcome
    assert outcome is not None
    measures = measures_of(scenario)
    assert found.measures == tuple(measures)
    assert not found.failed.any()
    for name, numbers in zip(found.measures, found.numbers, strict=True):
        assert np.array_equal(numbers, values(measures[name], outcome.columns)), name


def test_only_the_columns_of_unknowns_are_given() -> None:
    ours = np.linspace(0.0, 0.9, BLOCK)
    draws, own = GivenDraws(1, 2, {"a.b": ours}), Draws(1, 2)
    assert draws.column("unknown / a.b") is ours
    assert np.array_equal(draws.column("host / reply"), own.column("host / reply"))
    assert np.array_equal(draws.column("host / reply", 3), own.column("host / reply", 3))
    assert draws.used == {"unknown / a.b": 1, "host / reply": 4}


def test_an_evaluation_comes_back_from_its_bytes_as_it_was() -> None:
    numbers = np.arange(2.0 * BLOCK).reshape(2, BLOCK)
    failed = np.arange(BLOCK) == 7
    back = Evaluation.decoded(Evaluation(("one", "two"), numbers, failed, "why").encoded())
    assert (back.measures, back.reason) == (("one", "two"), "why")
    assert np.array_equal(back.numbers, numbers)
    assert np.array_equal(back.failed, failed)


# -- the design ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [sobol_points, screening_points])
def test_more_rows_begin_with_the_same_ones_and_another_seed_has_others(make: Any) -> None:
    some, more, other = make(3, 1, 200), make(3, 1, 800), make(3, 2, 200)
    assert np.array_equal(some.a, more.a[:200])
    assert np.array_equal(some.b, more.b[:200])
    assert not np.array_equal(some.a, other.a)


def test_sobol_points_of_a_power_of_two_fall_into_every_slice_once() -> None:
    design = sobol_points(4, 1, 600)
    for column in np.column_stack([design.a, design.b]).T:
        assert sorted(np.floor(512 * column[:512])) == list(range(512))


def test_one_input_is_taken_from_the_other_table_and_chance_is_an_input(file: ScenarioFile) -> None:
    order = asked(file)
    design = points(order)
    tasks = {name.split("/")[1]: task(order, design, name) for name in names(order)}
    a, b = tasks["a"], tasks["b"]
    assert (a.block, b.block) == (0, 1)
    paths = [ACCEPTANCE, PATIENCE, CHURN]
    for i, changed in enumerate(paths):
        mixed = tasks[f"a_with_{i:03d}"]
        assert mixed.block == a.block
        for path in paths:
            source = b if path == changed else a
            assert np.array_equal(mixed.given[path], source.given[path])
    luck = tasks["a_with_003"]
    assert luck.block == b.block
    assert all(np.array_equal(luck.given[path], a.given[path]) for path in paths)


def test_a_group_takes_all_its_members_from_the_other_table(file: ScenarioFile) -> None:
    order = asked(file, groups={"people": ["users"]})
    assert [(one.name, one.kind, one.paths) for one in order.inputs] == [
        ("people", "group", (PATIENCE, CHURN)),
        (ACCEPTANCE, "unknown", (ACCEPTANCE,)),
        ("chance", "chance", ()),
    ]
    design = points(order)
    mixed = task(order, design, "blocks/a_with_000/000000.npz")
    assert np.array_equal(mixed.given[CHURN], design.b[:BLOCK, 2])
    assert np.array_equal(mixed.given[PATIENCE], design.b[:BLOCK, 1])
    assert np.array_equal(mixed.given[ACCEPTANCE], design.a[:BLOCK, 0])


# -- the folder ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def done(file: ScenarioFile, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sensitivity, Path]:
    folder = tmp_path_factory.mktemp("sensitivity") / "out"
    return run_sensitivity(file, base=128, output=folder, command="typed"), folder


def test_it_leaves_a_table_a_manifest_and_the_evaluations(done: tuple[Sensitivity, Path]) -> None:
    found, folder = done
    assert {path.name for path in folder.iterdir()} == {"blocks", "manifest.json", "sensitivity.csv"}
    assert len(list(folder.rglob("*.npz"))) == 6  # A, B, three unknowns, chance
    assert found.evaluations == 6 * BLOCK
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["complete"]
    assert (manifest["base"], manifest["command"], manifest["digest"]) == (128, "typed", found.digest)
    with (folder / "sensitivity.csv").open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert [(row["measure"], row["kind"]) for row in rows] == [
        (measure, kind)
        for measure in ("users_lost", "downtime")
        for kind in ("unknown", "unknown", "unknown", "chance")
    ]
    assert float(rows[3]["total"]) == found.spreads[0].indices[3].total.value
    assert rows[3]["paths"] == ""


def test_what_has_no_say_has_a_share_of_exactly_nothing(done: tuple[Sensitivity, Path]) -> None:
    """Who waits how long moves no downtime; who accepts moves it."""
    down = done[0].spreads[1]
    assert [down.indices[i].total.value for i in (1, 2)] == [0.0, 0.0]
    assert down.indices[0].total.low > 0.0
    assert down.indices[3].total.low > 0.0
    assert done[0].spreads[0].indices[1].total.low > 0.0


def test_the_same_again_is_already_done_and_writes_nothing(
    done: tuple[Sensitivity, Path], file: ScenarioFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, folder = done
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    monkeypatch.setattr(running, "_compute", None)
    again = run_sensitivity(file, base=128, output=folder)
    assert again.already_done
    assert not found.already_done
    assert again.spreads == found.spreads
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before


def test_another_measure_is_read_from_the_same_evaluations(
    file: ScenarioFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sensitivity(file, base=64, output=tmp_path)
    monkeypatch.setattr(running, "_compute", None)
    found = run_sensitivity(file, base=64, output=tmp_path, measures=["recovered"])
    assert not found.already_done
    assert (tmp_path / "sensitivity.csv").read_text(encoding="utf-8").count("recovered,") == 4


def test_stopped_and_resumed_it_is_the_same_file_and_computes_only_what_is_missing(
    done: tuple[Sensitivity, Path], file: ScenarioFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Ctrl-C during the fourth of six blocks: three are kept and not made again."""
    calls: list[Task] = []
    compute = evaluation.compute

    def stopping(one: Task) -> Any:
        calls.append(one)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return compute(one)

    monkeypatch.setattr("sim.study.sensitivity.evaluate.compute", stopping)
    with pytest.raises(StudyInterrupted, match=r"3 of 6 blocks of 200 runs are done and kept"):
        run_sensitivity(file, base=128, output=tmp_path)
    assert not (tmp_path / "sensitivity.csv").exists()
    assert len(list(tmp_path.rglob("*.npz"))) == 3
    (tmp_path / "blocks" / "a" / "000007.npz.part").write_bytes(b"half of a f")  # as a kill leaves it
    run_sensitivity(file, base=128, output=tmp_path)
    assert len(calls) == 4 + 3
    assert not list(tmp_path.rglob("*.part"))
    table = "sensitivity.csv"
    assert (tmp_path / table).read_bytes() == (done[1] / table).read_bytes()


def test_a_larger_base_keeps_what_there_is_and_a_smaller_one_shows_no_less(
    file: ScenarioFile, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    run_sensitivity(file, base=128, output=tmp_path, measures=["downtime"])
    larger = run_sensitivity(
        file, base=256, output=tmp_path, measures=["downtime"], progress=lambda *said: seen.append(said)
    )
    assert seen == [(done, 12) for done in range(6, 13)]
    assert larger.spreads[0].runs == 512
    alone = run_sensitivity(file, base=256, measures=["downtime"])
    assert alone.spreads == larger.spreads
    smaller = run_sensitivity(file, base=64, output=tmp_path, measures=["downtime"])
    assert smaller.already_done
    assert smaller.base == 256


def test_workers_give_the_same_bits(
    done: tuple[Sensitivity, Path], file: ScenarioFile, tmp_path: Path
) -> None:
    run_sensitivity(file, base=128, output=tmp_path, workers=2)
    table = "sensitivity.csv"
    assert (tmp_path / table).read_bytes() == (done[1] / table).read_bytes()


def test_work_of_a_worker_that_died_is_done_again_and_none_of_it_twice(
    done: tuple[Sensitivity, Path], file: ScenarioFile, tmp_path: Path
) -> None:
    made: list[Dying] = []

    def pool(_workers: int) -> Executor:
        made.append(Dying(dies=not made))
        return made[-1]

    run_sensitivity(file, base=128, output=tmp_path, executor=pool)
    assert [one.tasks for one in made] == [2, 5]
    table = "sensitivity.csv"
    assert (tmp_path / table).read_bytes() == (done[1] / table).read_bytes()


def test_workers_that_keep_dying_end_it_with_what_is_done(file: ScenarioFile, tmp_path: Path) -> None:
    with pytest.raises(WorkersLostError, match=r"died 3 times.* 3 of 6 blocks .* are done and kept"):
        run_sensitivity(file, base=128, output=tmp_path, executor=lambda _: Dying(dies=True))
    assert len(list(tmp_path.rglob("*.npz"))) == 3


def test_a_folder_of_something_else_is_left_alone(file: ScenarioFile, tmp_path: Path) -> None:
    (tmp_path / "diary.txt").touch()
    with pytest.raises(ArchiveError, match=r"holds something else \(diary\.txt\)"):
        run_sensitivity(file, base=64, output=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_the_folder_follows_what_can_change_a_number() -> None:
    one, other = small(UNKNOWNS), small(UNKNOWNS, ["seed=5"])
    folders = {
        default_folder(one),
        default_folder(one, screen=True),
        default_folder(one, groups={"people": ["users"]}),
        default_folder(other),
    }
    assert len(folders) == 4
    assert all(folder.name.startswith("sensitivity_") for folder in folders)
    assert default_folder(one) == default_folder(small(UNKNOWNS))


def test_another_strategy_is_another_study() -> None:
    file = small(UNKNOWNS + STRATEGIES)
    assert default_folder(file) == default_folder(file, strategy="as_is")
    assert default_folder(file) != default_folder(file, strategy="asks_more")
    assert run_sensitivity(file, base=2, strategy="asks_more").label == "Asks two at once"


def test_a_screening_needs_no_second_table_and_has_effects(file: ScenarioFile, tmp_path: Path) -> None:
    found = run_sensitivity(file, screen=True, output=tmp_path, measures=["downtime"])
    assert found.base == BLOCK
    assert found.evaluations == 5 * BLOCK
    (spread,) = found.spreads
    acceptance, patience, churn, chance = spread.effects
    assert acceptance.mean + 4.0 * acceptance.spread / np.sqrt(BLOCK) < 0.0  # who accepts shortens it
    assert patience.strength.value == churn.strength.value == 0.0
    assert chance.strength.low > 0.0
    assert np.isnan(chance.mean)
    with (tmp_path / "screening.csv").open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert float(rows[0]["effect_mean"]) == acceptance.mean
    assert rows[3]["effect_mean"] == ""


# -- failures ------------------------------------------------------------------------------------------


def test_a_point_with_a_failed_run_is_left_out_of_every_table(
    file: ScenarioFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_sensitivity(file, base=64, measures=["downtime"])
    supply = world._supply

    def failing(scenario: Any, inputs: Any, stage: str) -> Any:
        timelines, failures = supply(scenario, inputs, stage)
        broken = {5: world.Failure("supply", "it broke")} if inputs.draws.block == 1 else {}
        return timelines, failures | broken

    monkeypatch.setattr(world, "_supply", failing)
    found = run_sensitivity(file, base=64, measures=["downtime"])
    assert (found.failed, found.reason) == (1, "supply: it broke")
    assert found.spreads[0].runs == whole.spreads[0].runs - 2


def test_where_every_run_fails_nothing_is_said(file: ScenarioFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> Any:
        raise world.BlockFailedError(world.Failure("supply", "it broke"))

    monkeypatch.setattr(world, "_supply", failing)
    with pytest.raises(HostfallError, match="nearly every run failed, the first at supply: it broke"):
        run_sensitivity(file, base=64)


# -- estimates -----------------------------------------------------------------------------------------


def test_what_never_varies_has_no_shares() -> None:
    same = np.full(50, 3.0)
    (index,) = sobol_indices(same, same, same[None, :], 1)
    assert np.isnan([index.first.value, index.total.low]).all()


def test_a_large_mean_changes_no_share() -> None:
    """In units where the mean is a million standard deviations the same shares come out."""
    design = sobol_points(2, 1, 256)
    a, b = (x[:, 0] + 2.0 * x[:, 1] for x in (design.a, design.b))
    mixed = np.array([design.b[:, 0] + 2.0 * design.a[:, 1], design.a[:, 0] + 2.0 * design.b[:, 1]])
    near, far = (sobol_indices(a + c, b + c, mixed + c, 1, resamples=20) for c in (0.0, 1e6))
    for one, other in zip(near, far, strict=True):
        assert other.first.value == pytest.approx(one.first.value, rel=1e-6)
        assert other.total.low == pytest.approx(one.total.low, rel=1e-6)


# -- requests that cannot be met -----------------------------------------------------------------------


def test_without_unknowns_it_says_what_to_write() -> None:
    file = small()
    with pytest.raises(UsageError, match="has no `unknowns`") as refused:
        run_sensitivity(file)
    said = str(refused.value)
    assert "\n" not in said
    example = said.split("`unknowns: ", 1)[1].split("`")[0]
    assert inputs_of(small(f"unknowns: {example}\n").scenario())[0].name == ACCEPTANCE  # it can be pasted


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        ("time_to_recover", "`time_to_recover` is cut .* ask for `recovered` .* or `downtime` "),
        ("time_to_recover.install", "ask for `recovered.install` .* or `downtime.install`"),
        ("first_service", "ask for `served_again` "),
        ("time_to_recover_users", "ask for `recovered_users` "),
        ("downtme", "no measure is called `downtme`; did you mean `downtime`?"),
        ("xyzzy", "no measure is called `xyzzy`; `users_lost` and `downtime` are two"),
    ],
)
def test_a_measure_that_cannot_be_explained_is_refused_with_one_that_can(
    file: ScenarioFile, measure: str, says: str
) -> None:
    with pytest.raises(UsageError, match=says.replace("?", r"\?")):
        run_sensitivity(file, measures=[measure])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"base": 500}, "power of two, 256 or 512"),
        ({"base": 1}, "at least 2"),
        ({"base": 1, "screen": True}, "at least 2"),
        ({"workers": 0}, "workers must be at least 1"),
        ({"strategy": "other"}, "has no strategy `other`; there are as_is"),
        ({"groups": {"chance": ["users"]}}, "`chance` already means something else"),
        ({"groups": {CHURN: ["users"]}}, "already means something else"),
        ({"groups": {"": ["users"]}}, "it has no name"),
        ({"groups": {"people": []}}, "group people has no members"),
        ({"groups": {"people": ["users.segments.slow.chrn"]}}, f"did you mean `{CHURN}`"),
        ({"groups": {"people": ["zzz"]}}, "is not among the unknowns; there are response"),
        ({"groups": {"people": ["users"], "more": [CHURN]}}, "is in two groups, people and more"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_before_anything_runs(
    file: ScenarioFile, options: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_compute", None)
    with pytest.raises(UsageError, match=says):
        run_sensitivity(file, **options)


def test_a_folder_begun_on_another_machine_is_not_continued(file: ScenarioFile, tmp_path: Path) -> None:
    run_sensitivity(file, base=64, output=tmp_path)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["machine"]["versions"]["numpy"] = "0.1"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    next(tmp_path.rglob("*.npz")).unlink()
    with pytest.raises(ArchiveError, match="other bits"):
        run_sensitivity(file, base=64, output=tmp_path)
