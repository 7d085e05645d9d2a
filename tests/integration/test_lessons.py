"""The lessons and guides tell the truth: every command works as it stands, and prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons import PAGES, Reader, arithmetic, is_quoted, steps, unfounded

RUN = [page for page in PAGES if any(step.is_run for step in steps(page))]


def named(page: Path) -> str:
    return page.stem


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=named)
def test_every_command_of_a_page_works_and_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    """And no number of its prose is anybody's but theirs."""
    reader = Reader(tmp_path / "clone")
    wrong = [
        f"{page.name}, line {step.line}, does not print\n{step.quoted}\nbut\n{told}"
        for step, told in reader.follow(page)
        if step.quoted and not is_quoted(step.quoted, told)
    ]
    assert not wrong, "\n\n".join(wrong)
    assert not unfounded(page, reader.printed)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_arithmetic_of_a_page_is_right(page: Path) -> None:
    for told, right, _ in arithmetic(page):
        assert right, told


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_says_why_a_block_is_not_run(page: Path) -> None:
    for step in steps(page):
        assert step.language in {"sh", "python", "yaml", "text", "powershell"}, (
            f"{page.name}, line {step.line}"
        )
        assert step.word != "not run" or len(step.said) > 10, f"{page.name}, line {step.line}"


def test_the_pages_that_are_asked_for_are_there() -> None:
    assert {"five_minutes", "first_hour"} <= {page.stem for page in RUN}
    assert sum(step.is_run for page in RUN for step in steps(page)) >= 30


def test_a_quotation_has_to_be_what_was_printed() -> None:
    printed = "one\ntwo  2\nthree 3.14 end\nfour\n"
    assert is_quoted("two  2\nthree … end\n", printed)
    assert is_quoted("one\n…\nfour\n", printed)
    assert not is_quoted("two  3\n", printed)
    assert not is_quoted("one\nthree … end\n", printed)
    assert not is_quoted("wo  2\n", printed)


def test_a_number_that_nothing_made_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "It takes 15 days, not 17.\n\n<!-- made: 15 + 5 = 21 -->\n\n```sh\necho\n```\n", encoding="utf-8"
    )
    assert unfounded(page, ["15 days\n"]) == ["17"]
    assert [right for _, right, _ in arithmetic(page)] == [False]
