"""What a block reads: numbers, laws and quantiles by path, with unknowns as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario import Inputs, Law, Scenario
from sim.scenario.paths import NoSuchPathError, find
from sim.streams import BLOCK, Draws
from tests.unit.scenarios import changed, small

SEARCH = "response.replace.host.search"


def inputs(scenario: Scenario) -> Inputs:
    return Inputs(scenario, Draws(scenario.seed, 3))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("users.start", 1000.0),
        ("users.churn", 0.001 / 24),
        ("users.segments.casual.churn", 0.001 / 24),
        ("users.segments.casual.returns.fades_over", 720.0),
        ("events.suspend_host.notice", 30.0),
        ("events.1.at", 240.0),
        ("clock.horizon", 4320.0),
        (f"{SEARCH}.acceptance", 0.2),
        (f"{SEARCH}.candidates", 3.0),
        (f"{SEARCH}.at_once", 1.0),
        (f"{SEARCH}.reply.mean", 36.0),
    ],
)
def test_numbers_are_found_by_path(path: str, value: float) -> None:
    assert inputs(small()).number(path) == value


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("users.strat", "did you mean `start`?"),
        ("suppliers.hots", "did you mean `host`?"),
        ("events.suspend_hst", "did you mean `suspend_host`?"),
        ("events.2", "it has suspend_host"),
        (f"{SEARCH}.reply.median", "its numbers are mean"),
        (f"{SEARCH}.reply.mean.more", "its numbers are mean"),
        ("users.start.more", "it ends there"),
        ("nothing", "there is no `nothing`"),
    ],
)
def test_a_path_to_nothing_is_refused_with_the_fix(path: str, says: str) -> None:
    with pytest.raises(NoSuchPathError) as caught:
        find(small(), path)
    assert says in str(caught.value)


def test_what_is_no_number_or_no_law_is_refused() -> None:
    with pytest.raises(TypeError, match="is no number"):
        inputs(small()).number(f"{SEARCH}.reply")
    with pytest.raises(TypeError, match="is no law"):
        inputs(small()).law("users.start")


def test_a_candidate_that_is_only_counted_reads_what_its_search_says() -> None:
    assert inputs(small()).law(f"{SEARCH}.candidates.2.reply") == (Law.of("exponential", mean=36.0), {})
    listed = small(("candidates: 3", "candidates: [{}, {reply: 2 d}]"))
    assert inputs(listed).law(f"{SEARCH}.candidates.1.reply")[0] == Law.of("exponential", mean=36.0)
    assert inputs(listed).law(f"{SEARCH}.candidates.2.reply")[0] == Law.constant(48.0)


def test_a_quantile_is_the_law_at_the_draws_of_its_name() -> None:
    scenario = small()
    read = inputs(scenario)
    path = "response.replace.host.tasks.adapt.takes"
    values = read.quantile(path, "host.adapt / takes", 1)
    law = scenario.response.replace["host"].tasks["adapt"].takes
    assert law is not None
    np.testing.assert_array_equal(values, law.quantile(Draws(1, 3).column("host.adapt / takes", 1)))
    assert values.shape == (BLOCK,)
    assert read.quantile(path, "host.adapt / takes", 1) is values
    assert not values.flags.writeable
    assert not np.array_equal(values, read.quantile(path, "host.adapt / takes", 0))


def test_a_constant_uses_no_draw() -> None:
    read = inputs(small())
    np.testing.assert_array_equal(read.quantile(f"{SEARCH}.acceptance", "x"), np.full(BLOCK, 0.2))
    assert "x" not in read.draws.used


def test_an_unknown_number_is_one_value_a_replication() -> None:
    read = inputs(small(more="unknowns: {users.churn: {low: 0.1 % per day, high: 0.2 % per day}}\n"))
    churn = read.number("users.churn")
    u = Draws(1, 3).column("unknown / users.churn")
    np.testing.assert_allclose(churn, (0.001 + 0.001 * u) / 24, rtol=1e-12)


def test_an_unknown_of_all_covers_the_segments_that_inherit() -> None:
    read = inputs(small(
        ("join_by: install}",
         "join_by: install, segments: {a: {share: 50 %}, b: {share: 50 %, churn: 1 % per day}}}"),
        more="unknowns: {users.churn: {low: 0.1 % per day, high: 0.2 % per day}, "
             "users.segments.a.patience.scale: {low: 9 d, high: 12 d}}\n",
    ))  # fmt: skip
    assert read.number("users.segments.a.churn") is read.number("users.churn")
    assert read.number("users.segments.b.churn") == pytest.approx(0.01 / 24)
    law, overrides = read.law("users.segments.a.patience")
    assert law.kind == "weibull"
    assert list(overrides) == ["scale"]
    assert np.shape(overrides["scale"]) == (BLOCK,)
    assert read.law("users.segments.b.patience")[1] == {}


def test_an_unknown_covers_a_law_that_is_a_constant_and_a_parameter_of_one_that_is_not() -> None:
    read = inputs(
        small(
            more=f"unknowns:\n  {SEARCH}.acceptance: {{low: 10 %, high: 30 %}}\n"
            f"  {SEARCH}.reply.mean: {{low: 1 d, high: 2 d}}\n"
        )
    )
    law, overrides = read.law(f"{SEARCH}.candidates.3.acceptance")
    assert law.kind == "constant"
    np.testing.assert_array_equal(read.quantile(f"{SEARCH}.candidates.3.acceptance", "x"), overrides["value"])
    assert read.number(f"{SEARCH}.acceptance") is overrides["value"]
    replies = read.quantile(f"{SEARCH}.candidates.1.reply", "reply")
    means = read.number(f"{SEARCH}.reply.mean")
    np.testing.assert_allclose(replies, -means * np.log1p(-Draws(1, 3).column("reply")), rtol=1e-12)


def test_a_shared_mood_is_a_share_drawn_once() -> None:
    read = inputs(small(("acceptance: 20 %", "acceptance: {mean: 20 %, correlation: 0.09}")))
    moods = read.quantile(f"{SEARCH}.acceptance", "host.search / mood")
    assert ((moods > 0) & (moods < 1)).all()
    assert moods.std() > 0.05


def test_the_counterfactual_reads_the_same_unknowns() -> None:
    scenario = small(
        more="unknowns: {events.suspend_host.notice: {low: 1 h, high: 9 h}, "
        "users.churn: {low: 0.1 % per day, high: 0.2 % per day}}\n"
    )
    spared = scenario.spared()
    np.testing.assert_array_equal(
        inputs(spared).number("users.churn"), inputs(scenario).number("users.churn")
    )


def test_unknowns_held_fixed_are_their_medians() -> None:
    from sim.scenario import load_text
    from tests.unit.scenarios import SMALL

    more = (
        "unknowns:\n  users.segments.casual.patience.scale: {median: 45 d, p90: 110 d}\n"
        f"  {SEARCH}.acceptance: {{low: 10 %, high: 30 %}}\n"
        f"  {SEARCH}.reply.mean: {{low: 1 d, likely: 2 d, high: 3 d}}\n"
        "  users.churn: {mean: 0.1 % per day}\n"
    )
    fixed = load_text(SMALL + more, unknowns="fixed").scenario()
    varied = changed(more=more).scenario()
    assert fixed.unknowns == {}
    assert list(varied.unknowns)
    assert fixed.users.segments["casual"].patience == Law.of("weibull", shape=0.8, scale=1080.0)
    search = fixed.response.replace["host"].search
    assert search is not None
    assert search.acceptance == Law.constant(0.2)
    assert search.reply.mean() == pytest.approx(48.0, rel=1e-12)
    assert fixed.users.churn == pytest.approx(0.001 / 24 * np.log(2), rel=1e-12)
