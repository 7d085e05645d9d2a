"""The report: one page, no script, no request, headings in order, readable by anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from sim.views.case import Difference
from sim.views.figures import Figures
from sim.views.report import Report, report
from tests.unit.cases import changed, parler_like

CASE = changed(parler_like(200), provenance=replace(parler_like(200).provenance, strategy="as_is"))
OTHER = changed(CASE, label="Two hosts", provenance=replace(CASE.provenance, strategy="two_hosts"))
DIFFERENCES = {
    "two_hosts": (
        Difference("downtime", "h", "time", -300.0, -350.0, -250.0, restricted=True),
        Difference("users_lost", "users", "count", 0.0, 0.0, 0.0),
        Difference("recovered", "", "flag", 0.1, 0.05, 0.15),
    )
}


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if found.get("id"):
            self.ids.append(str(found["id"]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def made() -> Report:
    pictures = [Figures(CASE)["users"], Figures(CASE)["gantt"]]
    manifest = {"Command": "python run_scenario.py <file>"}
    return report(
        [CASE, OTHER], pictures, differences=DIFFERENCES, resolved="name: a & b\n", manifest=manifest
    )


@pytest.fixture(scope="module")
def page(made: Report) -> Page:
    return Page(made.html)


def test_the_page_asks_for_nothing_and_runs_nothing(made: Report, page: Page) -> None:
    names = {name for name, _ in page.tags}
    assert not names & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "audio",
        "video",
        "base",
    }
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name in {"src", "srcset", "action"}]
        for name in ("href", "xlink:href"):
            assert str(attrs.get(name) or "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import", made.html)
    policy = next(a for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")


def test_headings_are_in_order_and_there_is_one_title(page: Page) -> None:
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def test_ids_are_unique_and_links_lead_to_them(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    links = {str(attrs["href"])[1:] for attrs in page.all("a")}
    assert links <= set(page.ids)


def test_findings_come_before_figures_and_the_story_first(made: Report) -> None:
    order = [
        "In half of the 200 runs",
        'id="story"',
        'id="findings"',
        'id="summary"',
        'id="figures"',
        'id="limits"',
    ]
    places = [made.html.index(part) for part in order]
    assert places == sorted(places)


def test_every_figure_has_words_and_a_table(page: Page) -> None:
    pictures = page.all("svg")
    assert len(pictures) == 2
    assert all(attrs.get("role") == "img" and len(str(attrs.get("aria-label"))) > 40 for attrs in pictures)
    assert len(page.all("figcaption")) == 2
    assert " ".join(page.text).count("The numbers of this figure") == 2


def test_every_table_has_a_caption_and_scoped_heads(page: Page) -> None:
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.all("th"))


def test_every_row_has_a_head_and_every_region_a_name_of_its_own(made: Report, page: Page) -> None:
    assert not re.search(r"<th[^>]*>\s*</th>", made.html)
    assert not re.search(r'<span class="unseen"></span>', made.html)
    names = [str(attrs["aria-label"]) for _, attrs in page.tags if attrs.get("role") == "region"]
    assert len(names) == len(set(names))


def test_the_page_speaks_a_language_and_fits_a_telephone(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en"
    viewport = next(attrs for attrs in page.all("meta") if attrs.get("name") == "viewport")
    assert "width=device-width" in str(viewport["content"])


def test_text_from_files_is_never_markup(made: Report) -> None:
    assert "name: a &amp; b" in made.html
    assert "run_scenario.py &lt;file&gt;" in made.html
    scenario = CASE.scenario.model_copy(update={"title": "<script>alert(1)</script>"})
    assert "<script" not in report([changed(CASE, scenario=scenario)], []).html


def test_strategies_are_compared_in_words_and_in_a_table(made: Report) -> None:
    assert (
        "With “Two hosts” the downtime is less than with “As it was”: on average by 12 d ±\u00a02.1 d"
        in made.html
    )
    assert "With “Two hosts” and “As it was” the users lost are the same in every run." in made.html
    assert "Downtime (unfinished runs count as far as they went)" in made.html
    assert "Two hosts: findings and summary" in made.html


def test_a_lone_strategy_needs_no_comparison() -> None:
    html = report([CASE], []).html
    assert 'id="strategies"' not in html
    assert 'id="figures"' not in html


def test_what_happened_targets_removed_events_and_sources_are_listed(made: Report) -> None:
    parts = (
        "NYT, NPR",
        "of 500,000 monthly visitors of October 2020",
        "Google Play delists the app",
        "Inputs that are assumptions (1)",
        "Inputs with a source (1)",
        "pert: low 5 %, likely 20 %, high 50 %",
        "a1b2c3d4e5",
    )
    for part in parts:
        assert part in made.html, part


def test_failed_replications_and_few_runs_are_said() -> None:
    few = changed(parler_like(50), failed=(3, "supply: it broke"))
    html = report([few], []).html
    assert "3 replications failed and are in no number here; the first: supply: it broke." in html
    assert "50 runs are few: the ends" in html
    skewed = np.exp(2.0 * np.linspace(-2.0, 2.5, 50))
    case = changed(few, outcomes={**few.outcomes, "users_lost": skewed})
    assert "Users lost: 50 runs are few for a mean of values as skewed" in report([case], []).html


def channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio of two colours ``#rrggbb``."""
    light = []
    for colour in (one, other):
        red, green, blue = (channel(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
        light.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_text_has_contrast_in_light_and_dark(made: Report) -> None:
    """AA asks for 4.5 : 1."""
    schemes = re.findall(r":root \{([^}]*--paper: #[0-9a-f]{6}[^}]*)\}", made.html)
    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", scheme))
        for text in ("ink", "soft", "link"):
            for ground in ("paper", "wash"):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_a_report_is_written_whole(made: Report, tmp_path: Path) -> None:
    path = made.save(tmp_path / "new" / "report.html")
    assert path.read_text(encoding="utf-8") == made.html
    assert [one.name for one in path.parent.iterdir()] == ["report.html"]


def test_a_report_in_a_notebook_keeps_its_style_to_itself(made: Report) -> None:
    assert made._repr_html_().startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
