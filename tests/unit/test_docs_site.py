"""What the site takes from the program while it is made, and what its pages and notebooks may hold."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

import sim
from sim.outcomes.measures import MEASURES
from sim.views.cli import hostfall
from tests.architecture.source import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "site" / "made.py"))


def named(path: Path) -> str:
    return path.relative_to(DOCS).as_posix()


def verbs(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it."""
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from verbs(command, f"{name} ")


def test_every_command_and_option_is_on_the_page_of_commands(made: dict[str, Any]) -> None:
    page = made["commands"]()
    for name, command in verbs(hostfall):
        assert re.search(rf"^#+ {re.escape(name)}$", page, flags=re.MULTILINE), name
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert f"`{option.opts[0]}" in page, f"{name} {option.opts[0]}"


def test_every_measure_is_on_the_page_of_results(made: dict[str, Any]) -> None:
    page = made["measures"]()
    for one in MEASURES.values():
        assert f"| `{one.name}` | {one.unit} | {one.meaning} |" in page
    assert "`downtime.<capability>`" in page
    assert "`left_for.<rival>`" in page


def test_every_public_function_is_on_the_page_of_python(made: dict[str, Any]) -> None:
    page = made["python"]()
    assert all(f"autofunction:: sim.{name}\n" in page for name in sim.__all__ if not name.startswith("_"))
    for name in made["RETURNED"]:
        module, _, one = name.rpartition(".")
        assert isinstance(getattr(__import__(module, fromlist=[one]), one), type)


@pytest.mark.parametrize(("name", "folder", "most"), [("readme", DOCS, 10), ("files", DOCS / "reference", 0)])
def test_pages_from_elsewhere_have_links_that_lead_somewhere(
    made: dict[str, Any], name: str, folder: Path, most: int
) -> None:
    text = made[name]()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert len(links) >= most
    assert not [link for link in links if not (folder / link).exists()]


def test_every_marker_is_filled_and_an_unknown_one_is_an_error(made: dict[str, Any]) -> None:
    for page in PAGES:
        source = [page.read_text(encoding="utf-8")]
        made["fill"](SimpleNamespace(), page.stem, source)
        assert not made["MARKER"].search(source[0])
        assert "README.md)" not in source[0]
    with pytest.raises(KeyError):
        made["fill"](SimpleNamespace(), "page", ["<!-- made: nothing -->"])


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_to_a_heading_finds_it(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        there = (page.parent / target if target else page).read_text(encoding="utf-8")
        heads = re.findall(r"^#{1,3} (.+)$", there, flags=re.MULTILINE)
        slugs = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
        assert anchor in slugs, f"{page.name} links to {target}#{anchor}"


def test_no_page_is_left_out_of_the_tables_of_contents(made: dict[str, Any]) -> None:
    listed = {"index"}
    for page in PAGES:
        source = [page.read_text(encoding="utf-8")]
        made["fill"](SimpleNamespace(), page.stem, source)
        for block in re.findall(r"```\{toctree\}\n(.*?)```", source[0], flags=re.DOTALL):
            for line in block.splitlines():
                if line and not line.startswith(":"):
                    listed.add(named((page.parent / line).resolve()))
    there = {named(path).rpartition(".")[0] for path in [*PAGES, *NOTEBOOKS]}
    assert there == listed


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_every_command_that_is_named_exists_with_its_options(page: Path) -> None:
    """Also where it stands within a sentence and is run by nobody."""
    known = dict(verbs(hostfall))
    for line in re.findall(r"python run_scenario\.py ([^`\n]+)", page.read_text(encoding="utf-8")):
        words = re.sub(r"\s+#.*|\"[^\"]*\"", "", line).split()
        if not words:
            continue  # without anything: the list of scenarios
        name = " ".join(words[:2]) if words[0] == "results" and len(words) > 1 else words[0]
        command = known.get(name, known["run"])
        assert name in known or "." in words[0] or words[0].isupper() or words[0] == "--version", line
        options = {"--help", "--version"} | {name for option in command.params for name in option.opts}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options, line


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=named)
def test_a_notebook_is_kept_without_what_it_printed(notebook: Path) -> None:
    held = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in held["cells"]:
        assert not cell.get("outputs"), "clear all outputs before keeping it"
        assert cell.get("execution_count") is None
        assert str(Path.home()) not in "".join(cell["source"])
    assert set(held["metadata"]) <= {"kernelspec", "language_info"}
    assert len({cell["id"] for cell in held["cells"]}) == len(held["cells"])


def test_equations_become_mathml_and_what_cannot_be_read_is_said() -> None:
    pytest.importorskip("sphinx", reason="the tools of the site are an extra: pip install -e .[docs]")
    pytest.importorskip("latex2mathml")
    module = runpy.run_path(str(DOCS / "site" / "mathml.py"))
    nodes = module["nodes"]
    told = module["converted"](nodes.math("", r"\frac{a}{b} < 1"), "inline")
    assert told.startswith("<math")
    assert "<mfrac>" in told
    assert told.count("<") == told.count(">")
    warned: list[str] = []
    module["converted"].__globals__["LOG"] = SimpleNamespace(
        warning=lambda *words, **_: warned.append(str(words))
    )
    module["converted"](nodes.math("", r"\nothing{a}"), "inline")
    module["converted"](nodes.math("", r"\begin{matrix}"), "block")
    assert "nothing" in warned[0]
    assert len(warned) == 2


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_browser_takes_a_placeholder_of_a_heading_for_a_tag(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for heading in re.findall(r"^#+ .*$", text, flags=re.MULTILINE):
        assert not re.search(r"<\w", re.sub(r"`[^`]*`", "", heading)), heading


@pytest.fixture(scope="module")
def quoted() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "site" / "quoted.py"))


def test_quoted_sentences_may_be_broken_and_quoted_tables_not(quoted: dict[str, Any]) -> None:
    assert not quoted["is_table"]("In half of the 1,000 runs it is down.\n  Indented words of a story.")
    assert quoted["is_table"]("Measure      First\n──────────────────\nDowntime     15 d")
    assert quoted["is_table"]("Downtime                 3.1 d              7.7 h to 9.4 d")


def test_an_option_of_a_quoted_command_stays_in_one_piece_and_nothing_else_changes(
    quoted: dict[str, Any],
) -> None:
    begun = '<div class="highlight-sh notranslate"><div class="highlight"><pre><span></span>'
    page = (
        f"<p>a --b c</p>{begun}run a.yaml --set <span>x</span><span> </span>--no-figures\n</pre></div></div>"
    )
    found = quoted["unbroken"](page)
    assert found.count('<span class="option">') == 2
    assert '<span class="option">--no-figures</span>\n' in found
    assert re.sub(r'<span class="option">(.*?)</span>', r"\1", found) == page
