"""The explorer in a real browser: every kind of control moved, nothing sent elsewhere, the server killed.

Each visit fails if a script breaks, the content security policy refuses something, or a request goes to
another place than the server. Needs playwright and a Chromium (`make test-browser`), or is skipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import load_scenario, load_text
from tests.architecture.source import ROOT
from tests.explorer_page import FILE, REASON, WAIT, Server, Visit, axe, serving, visiting

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(REASON), reason=REASON)]

NOTICE = "#c-events-suspend_host-notice"
SCENARIOS = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Visit]:
    with visiting(browser, f"{server.address}?runs=200") as found:
        yield found.settled()


def settings(visit: Visit, side: str = "a") -> list[str]:
    """What the address says of a side."""
    found: list[str] = visit.page.evaluate(
        "(side) => new URLSearchParams(location.search).getAll(side)", side
    )
    return found


# -- settings ------------------------------------------------------------------------------------------------


def test_every_scenario_can_be_chosen_and_shows_its_numbers(browser: Any, server: Server) -> None:
    with visiting(browser, f"{server.address}?runs=200") as visit:
        visit.settled()
        offered = visit.page.locator("#scenario option").evaluate_all("(all) => all.map((one) => one.value)")
        assert sorted(offered) == SCENARIOS
        for name in SCENARIOS:
            visit.page.locator("#scenario").select_option(name)
            visit.again()
            assert (
                visit.page.locator("#title").inner_text()
                == load_scenario(ROOT / "scenarios" / f"{name}.yaml").title
            )
            assert visit.number("Downtime")
            assert visit.page.locator("#problem").is_hidden()
            assert visit.page.locator("#histogram svg").count() == (visit.number("Downtime") != "0 h")


def test_an_arrow_key_moves_an_input_the_numbers_and_the_address(visit: Visit) -> None:
    before = visit.number("Downtime")
    visit.page.locator(NOTICE).focus()
    for _ in range(6):
        visit.page.keyboard.press("ArrowRight")
    visit.again()
    text = visit.page.locator(NOTICE).get_attribute("aria-valuetext")
    assert text != "30 h"
    assert settings(visit) == [f"events.suspend_host.notice={text}"]
    assert visit.number("Downtime") != before
    assert visit.page.locator(":focus").get_attribute("id") == NOTICE[1:]
    assert "1 runs are done" not in visit.page.locator("#live").inner_text()
    assert "200 runs are done" in visit.page.locator("#live").inner_text()


def test_a_value_is_typed_and_one_that_cannot_be_is_refused_with_its_reason(visit: Visit) -> None:
    typed = visit.page.locator(f"{NOTICE}-text")
    typed.fill("five apples")
    typed.press("Enter")
    visit.page.locator("#problem").wait_for(state="visible")
    told = visit.page.locator("#problem").inner_text()
    assert told.startswith("Notice (The host suspends the account): “five apples” is not a duration")
    assert typed.get_attribute("aria-invalid") == "true"
    # It stands beside the input too, and what differs from the file is what was typed.
    assert visit.page.locator(f"#{typed.get_attribute('aria-errormessage')}").inner_text() == told
    visit.page.locator("#changes", has_text="five apples").wait_for()
    typed.fill("5 d")
    typed.press("Enter")
    visit.page.locator("#problem").wait_for(state="hidden")
    visit.again()
    assert settings(visit) == ["events.suspend_host.notice=5 d"]
    assert typed.get_attribute("aria-invalid") == "false"
    assert visit.page.locator(f"{NOTICE}-wrong").is_hidden()


def test_a_law_that_is_typed_for_a_number_is_told_as_typed_and_has_inputs_of_its_own(visit: Visit) -> None:
    page, law = visit.page, "{mean: 20 %, correlation: 0.5}"
    typed = page.locator("#c-response-replace-host-search-acceptance-text")
    typed.fill(law)
    typed.press("Enter")
    visit.again()
    assert visit.number("Downtime") == "171 d"
    page.locator("#changes li", has_text=f"Acceptance (Search for a new host): {law}").wait_for()
    page.locator("#find").fill("acceptance alike")
    page.locator("#c-response-replace-host-search-acceptance-correlation").wait_for()


def test_a_part_that_is_switched_on_shows_its_fields_and_off_takes_them_along(visit: Visit) -> None:
    page = visit.page
    page.locator("#find").fill("rivals")
    page.locator("#c-users-rivals").check()
    pull = page.locator("#c-users-rivals-a_rival-pull")
    pull.wait_for()
    visit.again()
    pull.focus()
    page.keyboard.press("End")
    visit.again()
    assert [each.partition("=")[0] for each in settings(visit)] == [
        "users.rivals",
        "users.rivals.a_rival.pull",
    ]
    page.locator("#c-users-rivals").uncheck()
    pull.wait_for(state="detached")
    visit.again()
    assert settings(visit) == []


def test_a_change_is_undone_by_its_button_and_all_of_them_by_one(visit: Visit) -> None:
    before = visit.number("Users lost")
    for identity in (NOTICE, "#c-users-churn"):
        visit.page.locator(identity).focus()
        visit.page.keyboard.press("End")
        visit.again()
    assert len(settings(visit)) == 2
    visit.page.locator("#changes button").first.click()
    visit.again()
    assert len(settings(visit)) == 1
    visit.page.get_by_role("button", name="Undo all changes").click()
    visit.again()
    assert settings(visit) == []
    assert visit.number("Users lost") == before


def test_inputs_of_a_group_stand_in_as_many_columns_as_the_main_ones(browser: Any, server: Server) -> None:
    lefts = "(all) => new Set(all.map((one) => Math.round(one.getBoundingClientRect().left))).size"
    for wide, columns in ((360, 1), (768, 2), (1440, 1)):
        with visiting(browser, f"{server.address}?runs=200", wide=wide) as visit:
            visit.settled()
            visit.page.locator("#groups summary", has_text="Suppliers").click()
            visit.page.locator("#groups .control:visible").first.wait_for()
            for place in ("#main-controls .control", "#groups .control:visible"):
                assert visit.page.locator(place).evaluate_all(lefts) == columns


def test_an_input_is_found_by_its_words(visit: Visit) -> None:
    visit.page.locator("#find").fill("patience core")
    assert visit.page.locator("#found").inner_text().endswith("found")
    shown = visit.page.locator("#groups .control:visible .name").all_inner_texts()
    assert shown
    assert all("patience" in each.lower() or "core" in each.lower() for each in shown)


def test_a_strategy_is_chosen_and_kept_in_the_address(browser: Any, server: Server) -> None:
    with visiting(browser, f"{server.address}?scenario=what_users_do&runs=200") as visit:
        visit.settled()
        before = visit.number("Users lost")
        visit.page.locator("#strategy").select_option("door")
        visit.again()
        assert "a_strategy=door" in visit.page.url
        assert visit.number("Users lost") != before
        assert (
            visit.page.locator("#c-users-reopening-admits").count()
            + visit.page.locator("summary", has_text="Users").count()
        )


# -- answers -------------------------------------------------------------------------------------------------


def test_a_rough_answer_is_refined_and_its_interval_is_seen_to_shrink(browser: Any, server: Server) -> None:
    with visiting(browser, f"{server.address}?runs=5000&a=users.start%3D1234567") as visit:
        visit.page.locator("#numbers .card").first.wait_for()
        first = visit.page.locator("#status").inner_text()
        visit.settled()
        card = visit.page.locator(".card", has=visit.page.get_by_role("heading", name="Users lost"))
        wide, narrow = (
            card.locator(f"svg .{kind}").evaluate(
                "(line) => line.getAttribute('x2') - line.getAttribute('x1')"
            )
            for kind in ("was", "interval")
        )
        assert "so far" in first
        assert "5,000 runs" in visit.page.locator("#status").inner_text()
        # 25 times the runs: a fifth of the width, give or take its own error; ends are drawn half a dot more.
        assert narrow < 0.5 * wide


def test_two_settings_are_compared_on_the_same_draws(visit: Visit) -> None:
    page = visit.page
    page.locator("#two").check()
    visit.again()
    assert set(page.locator("#pairs tbody td:last-child").all_inner_texts()) == {"the same in every run"}
    page.locator(NOTICE).focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    visit.again()
    assert settings(visit, "a") == []
    assert settings(visit, "b")[0].startswith("events.suspend_host.notice=")
    assert "B is better" in page.locator("#pairs tbody").inner_text()
    assert visit.number("Users lost", 0) != visit.number("Users lost", 1)
    page.get_by_role("button", name="Make B the same as A").click()
    visit.again()
    assert set(page.locator("#pairs tbody td:last-child").all_inner_texts()) == {"the same in every run"}


def test_of_many_quick_drags_the_last_one_is_shown(visit: Visit) -> None:
    slider = visit.page.locator(NOTICE)
    slider.focus()
    for _ in range(15):
        visit.page.keyboard.press("ArrowLeft")
        visit.page.keyboard.press("ArrowLeft")
        visit.page.keyboard.press("ArrowRight")
    visit.again(1_500)
    shown = visit.number("Downtime")
    visit.page.reload()
    visit.settled()
    assert visit.number("Downtime") == shown
    asked = [url for url in visit.requests if url.endswith("/api/answer")]
    assert len(asked) < 45  # a drag that waits for its turn is replaced by the next one


# -- the address ---------------------------------------------------------------------------------------------


def test_the_address_brings_everything_back_and_the_back_button_goes_a_step_back(
    browser: Any, visit: Visit
) -> None:
    page = visit.page
    first = visit.number("Users lost")
    page.locator(NOTICE).focus()
    page.keyboard.press("End")
    visit.again()
    second, address = visit.number("Users lost"), page.url
    page.locator("#two").check()
    visit.again()
    shared = page.url
    with visiting(browser, shared) as other:
        other.settled()
        assert other.page.locator("#two").is_checked()
        assert other.number("Users lost", 1) == second
    page.go_back()
    visit.again()
    assert page.url == address
    assert page.locator("#two").is_checked() is False
    page.go_back()
    visit.again()
    assert settings(visit) == []
    assert visit.number("Users lost") == first
    page.go_forward()
    visit.again()
    assert visit.number("Users lost") == second


def test_an_address_with_what_cannot_be_says_so_and_can_be_mended(browser: Any, server: Server) -> None:
    with visiting(browser, f"{server.address}?runs=200&a=users.start%3Dmany&lost=nobody") as visit:
        visit.page.locator("#problem").wait_for(state="visible")
        assert "users.start" in visit.page.locator("#problem").inner_text()
        visit.page.get_by_role("button", name="Undo all changes").click()
        visit.again()
        assert visit.page.locator("#problem").is_hidden()


# -- what breaks what, and the replay ------------------------------------------------------------------------


def test_a_supplier_is_taken_out_by_a_click_or_a_key_and_what_needs_it_stops(visit: Visit) -> None:
    page = visit.page
    store = page.get_by_role("button", name="Store")
    store.click()
    page.locator(".costs td").first.wait_for()
    assert store.get_attribute("aria-pressed") == "true"
    assert "“install”" in page.locator(".said-of-loss").inner_text()
    assert page.locator("#breaks li[data-state=down]").count() == 1
    assert "lost=store" in page.url
    page.locator("#breaks li.supplier button").first.focus()
    page.keyboard.press("Space")
    page.locator("#breaks li.supplier[data-state=lost]").nth(1).wait_for()
    page.locator("#breaks li[data-state=down]").nth(1).wait_for()
    page.get_by_role("button", name="Put everybody back").click()
    page.locator("#breaks li[data-state=lost]").first.wait_for(state="detached")
    assert "lost=" not in page.url


def test_a_run_is_played_and_paused_and_the_worst_is_another(visit: Visit) -> None:
    page = visit.page
    clock, play = page.locator("#replay .replay-clock"), page.locator("#replay .replay-play")
    page.wait_for_timeout(1_000)
    begun = clock.inner_text()
    assert play.inner_text() == "Play"  # it never starts by itself
    play.click()
    page.wait_for_timeout(2_500)
    play.click()
    paused = clock.inner_text()
    assert paused != begun
    page.wait_for_timeout(1_500)
    assert clock.inner_text() == paused
    typical = page.locator("#run option:checked").inner_text()
    page.locator("#run").select_option("worst 0")
    worst = page.locator("#run option:checked").inner_text()
    number = worst.partition("number ")[2].rstrip(")")
    assert worst != typical
    page.locator("#replay h4", has_text=f"run {number}").wait_for()


# -- taken along ---------------------------------------------------------------------------------------------


def test_the_scenario_and_the_report_are_taken_along_with_the_settings(visit: Visit, tmp_path: Path) -> None:
    visit.page.locator(NOTICE).focus()
    visit.page.keyboard.press("End")
    visit.again()
    with visit.page.expect_download() as found:
        visit.page.get_by_role("link", name="The scenario file").click()
    found.value.save_as(tmp_path / "taken.yaml")
    taken = load_text((tmp_path / "taken.yaml").read_text(encoding="utf-8"))
    assert taken.digest == load_scenario(FILE, settings=settings(visit)).digest
    with visit.page.expect_download(timeout=3 * WAIT) as found:
        visit.page.get_by_role("link", name="The report").click()
    found.value.save_as(tmp_path / "report.html")
    assert "1,000" in (tmp_path / "report.html").read_text(encoding="utf-8")


# -- for everybody -------------------------------------------------------------------------------------------


@pytest.mark.skipif(axe() is None, reason="no axe-core here; `make test-browser` installs it")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", [360, 1440])
def test_axe_finds_no_fault(browser: Any, server: Server, scheme: str, wide: int) -> None:
    found = axe()
    assert found is not None
    script = found.read_text(encoding="utf-8")
    two = f"{server.address}?runs=200&two=1&b=events.suspend_host.notice%3D7+d&lost=store"
    for address in (f"{server.address}?runs=200&lost=host", two):
        with visiting(browser, address, wide=wide, scheme=scheme) as visit:
            visit.settled()
            visit.page.locator(".costs td").first.wait_for()
            visit.page.evaluate(
                "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
            )
            visit.page.wait_for_timeout(500)
            visit.page.evaluate(script)
            faults = visit.page.evaluate(
                "async () => (await axe.run()).violations"
                ".map((each) => [each.id, each.nodes.map((one) => one.html)])"
            )
            assert faults == []


def test_the_keyboard_alone_reaches_the_results_and_never_gets_stuck(visit: Visit) -> None:
    page = visit.page
    page.locator("body").focus()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the results"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("(document.activeElement.textContent || document.activeElement.id).slice(0, 60)")
        )
    assert any("Host" in each for each in seen)
    assert any("The scenario file" in each for each in seen)


# -- when things go wrong ------------------------------------------------------------------------------------


def test_a_server_that_is_killed_is_missed_and_found_again_when_it_is_back(browser: Any) -> None:
    with serving() as server, visiting(browser, f"{server.address}?runs=200") as visit:
        visit.settled()
        server.kill()
        visit.page.locator(NOTICE).focus()
        visit.page.keyboard.press("End")
        visit.page.locator("#problem").wait_for(state="visible")
        assert "does not answer" in visit.page.locator("#problem").inner_text()
        assert visit.page.locator("#numbers .card").count() > 0  # the last answer stays, marked as such
        server.start()
        visit.page.locator("#problem").wait_for(state="hidden")
        visit.again()
        assert settings(visit)[0].startswith("events.suspend_host.notice=")
        shown = visit.number("Downtime")
        visit.page.reload()
        visit.settled()
        assert visit.number("Downtime") == shown


def test_a_server_that_is_killed_in_the_middle_of_an_answer_is_missed_too(browser: Any) -> None:
    with serving() as server, visiting(browser, f"{server.address}?runs=5000&a=seed%3D99") as visit:
        visit.page.locator("#numbers .card").first.wait_for()
        server.kill()
        visit.page.locator("#problem").wait_for(state="visible")
        server.start()
        visit.page.locator("#problem").wait_for(state="hidden")
        visit.again()
        assert "5,000 runs" in visit.page.locator("#status").inner_text()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are counted by /proc")
def test_a_server_that_is_killed_leaves_no_process_behind(browser: Any) -> None:
    with serving() as server, visiting(browser, f"{server.address}?runs=200") as visit:
        visit.settled()
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
        assert children
        server.kill()
        for _ in range(50):
            alive = [each for each in children if _alive(int(each))]
            if not alive:
                break
            visit.page.wait_for_timeout(200)
        assert not alive


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"
