"""The site is made without a warning, its notebooks run, and its pages ask no other machine for anything."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not any("docs" in one for one in EXTRAS["test"]),
        reason="the tools of the site are not among what tests install",
    ),
]
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "object": "data"}


class Loads(HTMLParser):
    """What a browser fetches to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element loads."""
        wanted = dict(attrs).get(LOADED.get(tag, ""))
        if wanted and dict(attrs).get("rel") not in {"canonical", "index", "search", "next", "prev"}:
            self.found.append(wanted)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    words = ["-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(folder / "trees")]
    made = subprocess.run(
        [sys.executable, *words, str(ROOT / "docs"), str(folder / "html")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    return folder / "html"


def test_every_page_and_notebook_is_there(site: Path) -> None:
    sources = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.ipynb")]
    wanted = {
        path.relative_to(ROOT / "docs").with_suffix(".html") for path in sources if "_build" not in path.parts
    }
    assert not {str(page) for page in wanted if not (site / page).is_file()}


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loads = Loads()
        loads.feed(text)
        assert not [one for one in loads.found if "//" in one], page.name
        assert "mathjax@" not in text.lower()
    for style in site.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import)\s*['\"]?https?:", style.read_text(encoding="utf-8")), (
            style.name
        )


def test_equations_are_drawn_and_not_shown_as_latex(site: Path) -> None:
    page = (site / "model.html").read_text(encoding="utf-8")
    assert page.count("<math") > 15
    assert "$" not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)


def test_the_notebooks_ran_and_show_no_place_of_this_machine(site: Path) -> None:
    shown = {path.stem: path.read_text(encoding="utf-8") for path in (site / "notebooks").glob("*.html")}
    assert re.search(r"A week.*s notice saves [\d,]+ ± [\d,]+ users", shown["first_steps"])
    assert "warm_copy" in shown["comparing_strategies"]
    assert "22 of 34 people are in the 3-core" in shown["a_network_of_friends"]
    for name, text in shown.items():
        assert text.count("<svg") > 2, name
        assert str(ROOT) not in text, name
        assert "Traceback" not in text, name


def test_what_is_made_from_the_program_stands_on_its_pages(site: Path) -> None:
    assert "--replications" in (site / "reference" / "commands.html").read_text(encoding="utf-8")
    assert "users_lost" in (site / "reference" / "results.html").read_text(encoding="utf-8")
    python = (site / "reference" / "python.html").read_text(encoding="utf-8")
    assert 'id="sim.run"' in python
    assert "load_scenario" in python
