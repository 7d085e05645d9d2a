"""What `structure` says and draws: every sentence in every variant, tables, the numbers in the picture."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from PIL import Image

from sim.scenario import Scenario
from sim.structure import BasicEvent, StructureFunction, concentration
from sim.study.consequence import Consequence, Consequences
from sim.views import structure, structure_sentences
from sim.views.anatomy import Anatomy
from sim.views.figures import structure as figure
from sim.views.saying import Sentence
from tests.pipeline import written
from tests.structures import gate_of

HEAD = """
name: drawn
title: A platform that a test draws
clock: {start: 2025-03-01T00:00Z, horizon: 100 d}
"""
HOST = """
suppliers: {host: {kind: host}, store: {kind: store, label: App Store}}
capabilities: {use: {label: Use it, needs: [host]}, install: {needs: [use, store]}}
"""
PAIR = """
suppliers:
  one: {kind: host, name: Example Cloud}
  two: {kind: host, name: Example Cloud}
  store: {kind: store}
capabilities:
  use: {label: Use it, shares: {one: 60 %, two: 60 %}}
  install: {needs: [use, store]}
"""
USERS = "users: {start: 1000, served_by: use, join_by: install}\n"


def scenario_of(parts: str) -> Scenario:
    return written(HEAD + parts + USERS).scenario()


def anatomy(parts: str, q: Mapping[str, float] | None = None, lost: Consequences | None = None) -> Anatomy:
    """A structure with unavailabilities given by hand."""
    scenario = scenario_of(parts)
    plain = Anatomy.of(scenario, "as is", "Made by a test", lost)
    own = plain.function.events.values()
    events = [replace(event, unavailability=(q or {}).get(event.name)) for event in own]
    gates = {name: each.gate for name, each in scenario.capabilities.items()}
    return replace(plain, function=StructureFunction(gates, events))


def loss(role: str, users: float, half: float = 10.0, *, hours: float = 48.0, **down: float) -> Consequence:
    """What the loss of one role came to."""
    found = {"page": 0.0, "use": 0.0, "install": 0.0, **down}
    return Consequence(role, (role,), 200, users, users - half, users + half, 1.0, found, hours)


def losses(*each: Consequence) -> Consequences:
    weights = {one.owner: max(one.users_lost, 0.0) for one in each}
    return Consequences(each, each, concentration(weights))


HOST_GONE = loss("host", 300.0, use=48.0, install=48.0)
STORE_GONE = loss("store", 100.0, hours=math.inf, install=math.inf)


def variants() -> dict[tuple[str, str], Anatomy]:
    """A structure for every sentence."""
    page = HOST.replace("capabilities: {", "capabilities: {page: {needs_any: [host, store]}, ")
    two = page.replace("needs: [host]}", "needs: [host, store]}")
    loose = page.replace(
        "use: {label: Use it, needs: [host]}", "use: {label: Use it, needs_any: [host, store]}"
    )
    owned = PAIR.replace("install: {needs: [use, store]}", "install: {needs: [store]}")
    same = losses(loss("host", 300.0, 0.0, use=math.inf), replace(STORE_GONE, users_lost=0.0))
    nobody = losses(loss("host", 0.0, 0.0), loss("store", 0.0, 0.0))
    return {
        ("everything", "one"): anatomy(HOST),
        ("everything", "some"): anatomy(HOST.replace("needs: [host]", "needs: [host, store]")),
        ("headline", "one"): anatomy(page),
        ("headline", "some"): anatomy(two),
        ("headline", "none"): anatomy(loose),
        ("headline", "never"): with_nothing_to_lose(),
        ("owner", "everything"): anatomy(PAIR),
        ("owner", "some"): anatomy(owned),
        ("rest", "some"): anatomy(page),
        ("availability", "down"): anatomy(HOST, {"host": 0.01, "store": 0.02}),
        ("availability", "never"): anatomy(HOST, {"store": 0.02}),
        ("availability", "unknown"): anatomy(HOST),
        ("part", "one"): anatomy(HOST, {"host": 0.01}),
        ("part", "two"): anatomy(two, {"host": 0.01, "store": 0.02}),
        ("silent", "some"): anatomy(HOST, {"host": 0.01}),
        ("consequence", "some"): anatomy(HOST, lost=losses(HOST_GONE, STORE_GONE)),
        ("consequence", "certain"): anatomy(HOST, lost=same),
        ("consequence", "none"): anatomy(HOST, lost=nobody),
        ("replacement", "late"): anatomy(HOST, lost=losses(HOST_GONE, STORE_GONE)),
        ("replacement", "never"): anatomy(HOST, lost=same),
        ("replacement", "survives"): anatomy(loose, lost=nobody),
        ("concentration", "one"): anatomy(HOST, lost=same),
        ("concentration", "some"): anatomy(HOST, lost=losses(HOST_GONE, STORE_GONE)),
        ("error", "some"): anatomy(HOST, lost=losses(HOST_GONE, STORE_GONE)),
    }


def with_nothing_to_lose() -> Anatomy:
    """No event takes the headline capability down."""
    plain = anatomy(HOST)
    gates = {"use": gate_of(["host"]), "install": gate_of(["store"])}
    return replace(plain, function=StructureFunction(gates, [BasicEvent("store", ("store",))]))


VARIANTS = variants()


def test_every_sentence_is_reached() -> None:
    templates = structure_sentences.templates()
    assert set(VARIANTS) == {(topic, name) for topic, each in templates.items() for name in each}


@pytest.mark.parametrize("wanted", VARIANTS, ids=".".join)
def test_the_right_variant_is_said_and_complete(wanted: tuple[str, str]) -> None:
    said = structure_sentences.sentences(VARIANTS[wanted])
    assert wanted in {(one.topic, one.variant) for one in said}
    for one in said:
        assert one.text[0].isupper() or one.text[0].isdigit()
        assert one.text.endswith(".")
        assert "{" not in one.text
        assert not re.search(r"\bnan\b", one.text)


def text(found: Anatomy, topic: str) -> str:
    (one,) = [each for each in structure_sentences.sentences(found) if each.topic == topic]
    assert isinstance(one, Sentence)
    return one.text


def test_who_stops_everything_is_said_in_so_many_words() -> None:
    assert text(anatomy(HOST), "everything") == "Losing the host alone stops everything; nothing else does."


def test_a_group_is_named_where_its_members_alone_do_no_harm() -> None:
    plain = anatomy(PAIR + "groups: {north: {members: [one, two]}}\n")
    assert text(plain, "everything") == "Losing all of “North” alone stops everything; nothing else does."
    single = anatomy(HOST + "groups: {north: {members: [host, store]}}\n")
    assert text(single, "everything").startswith("Losing the host alone")


def test_an_owner_is_named_where_its_loss_is_more_than_that_of_any_of_its_parts() -> None:
    assert text(VARIANTS["owner", "some"], "owner") == (
        "Example Cloud plays 2 parts (the one and the two); losing it stops 1 of 2 things people can do."
    )
    needless = anatomy(HOST.replace("{kind: host}", "{name: A}").replace("{kind: store,", "{name: A,"))
    assert not needless.owned  # the host alone stops everything already


def test_the_hours_and_shares_of_ordinary_failures() -> None:
    """0.01 of 8766 hours; the host is in every cut set."""
    found = anatomy(HOST, {"host": 0.01, "store": 0.0})
    assert "nobody can use it 1 % of the time in the long run, 3.7 days a year" in text(found, "availability")
    assert text(found, "part") == "100 of 100 hours down have to do with the host."


def test_the_concentration_of_three_quarters_and_one_quarter() -> None:
    """Squares of 75 and 25: 6,250; 1.6 equal owners."""
    said = text(VARIANTS["concentration", "some"], "concentration")
    assert "as if it were 1.6 equal ones (HHI 6,250 of 10,000); 75 % of it lies with the host" in said


# -- tables -----------------------------------------------------------------------------------------------


def rows(found: Anatomy, caption: str) -> dict[str, tuple[str, ...]]:
    """The rows of a table by their first cell."""
    (table,) = [each for each, _ in structure.tables(found) if each.caption.startswith(caption)]
    return {row[0]: row[1:] for row in table.rows}


def test_cut_sets_are_counted_by_size_and_named() -> None:
    table = rows(anatomy(PAIR), "Minimal cut sets")
    assert table["Use it"] == ("0", "1", "0", "One + Two")
    assert table["install"] == ("1", "1", "0", "Store; One + Two")


def test_what_is_only_reduced_stands_apart() -> None:
    found = anatomy(PAIR)
    assert rows(found, "Single points")["One"] == ("–", "everything")
    assert rows(found, "Single points")["Store"] == ("install", "–")
    assert rows(found, "The same, to be short")["Use it"] == ("2", "0", "0", "One; Two")
    assert not [each for each, _ in structure.tables(anatomy(HOST)) if each.caption.startswith("The same")]


def test_importance_is_that_of_the_core() -> None:
    table = rows(anatomy(HOST, {"host": 0.01}), "Importance for “use it”")
    assert table == {"Host": ("1 %", "1", "100 %", "100 %", "× 100", "÷ ∞")}


def test_losses_and_times_come_from_the_simulation() -> None:
    found = anatomy(HOST, lost=losses(HOST_GONE, STORE_GONE))
    assert rows(found, "If it is lost")["Host"] == ("300 ± 10", "1", "2 d")
    assert rows(found, "If it is lost")["App Store"][2] == "> 100 d"
    (table,) = [each for each, _ in structure.tables(found) if each.caption.startswith("How long things go")]
    assert table.rows == (
        ("Host", "everything", "0 h", "2 d", "no"),
        ("App Store", "install", "0 h", "> 100 d", "no"),
        ("App Store", "Use it", "for ever", "0 h", "not needed"),
    )


def test_a_replacement_at_hand_is_in_time() -> None:
    at_once = losses(loss("host", 0.0, 0.0, hours=0.0), STORE_GONE)
    found = anatomy(HOST, lost=at_once)
    assert {one.in_time for one in found.survivals if one.role == "host"} == {True}
    assert structure_sentences.replacement(found).variant == "survives"


def test_files_hold_every_digit() -> None:
    found = anatomy(PAIR, {"one": 0.01, "two": 0.02, "store": 1 / 3}, losses(loss("one", 1 / 3)))
    made = {
        name: list(csv.DictReader(io.StringIO(text.decode())))
        for name, text in structure.files(found).items()
    }
    assert set(made) == {"cut_sets.csv", "importance.csv", "consequence.csv", "survival.csv"}
    assert {"capability": "use", "criterion": "down", "order": "2", "events": "one+two"} in made[
        "cut_sets.csv"
    ]
    assert float(made["consequence.csv"][0]["users_lost"]) == 1 / 3
    (two,) = [row for row in made["importance.csv"] if (row["capability"], row["event"]) == ("use", "two")]
    assert float(two["birnbaum"]) == pytest.approx(0.01, rel=1e-12)
    assert float(two["capability_unavailability"]) == pytest.approx(0.0002, rel=1e-12)


# -- the picture ------------------------------------------------------------------------------------------


DRAWN = figure.picture(anatomy(PAIR + "groups: {north: {members: [one, two]}}\n"))


def written_on(picture: Any) -> list[str]:
    return [
        " ".join(each.get_text().split()) for each in picture.figure.findobj(Text) if each.get_text().strip()
    ]


def test_the_picture_marks_what_a_loss_alone_stops() -> None:
    """The numbers drawn are those of the cut sets: north stops both, the store one, one and two nothing."""
    texts = written_on(DRAWN)
    boxes = ["North: all of it (stops 2)", "Store (stops 1)", "One", "Two"]
    assert not {*boxes, "Use it (1 stops it)", "Install (2 stop it)"} - set(texts)


def test_boxes_and_arrows_are_those_of_the_gates() -> None:
    found = anatomy(PAIR + "groups: {north: {members: [one, two]}}\n")
    graph = figure.network(found)
    assert set(graph.edges) == {
        ("north.fails", "one"), ("north.fails", "two"), ("one", "use"), ("two", "use"), ("use", "install"),
        ("store", "install"),
    }  # fmt: skip
    assert {name: graph.nodes[name]["look"] for name in graph} == {
        "north.fails": "headline", "one": "none", "two": "none", "store": "other", "use": "exposed",
        "install": "exposed",
    }  # fmt: skip
    assert graph.edges["one", "use"]["choice"]
    assert not graph.edges["use", "install"]["choice"]


def test_suppliers_of_suppliers_stand_before_them() -> None:
    plain = anatomy(HOST)
    gates = {name: each.gate for name, each in plain.scenario.capabilities.items()}
    events = tuple(plain.function.events.values())
    needing = replace(plain, function=StructureFunction(gates, events, {"host": (gate_of(["store"]),)}))
    graph = figure.network(needing)
    assert ("store", "host") in graph.edges
    assert graph.nodes["store"]["many"] == 2


def test_the_picture_says_its_finding_and_where_it_is_from() -> None:
    assert DRAWN.title in " ".join(written_on(DRAWN))
    assert DRAWN.alternative.startswith(DRAWN.title)
    assert "All of “North” alone stops: use it and install." in DRAWN.alternative
    assert "Made by a test" in written_on(DRAWN)
    assert b"Made by a test" in DRAWN.svg()


def test_nothing_reaches_the_edge_of_the_picture() -> None:
    dots = np.asarray(Image.open(BytesIO(DRAWN.png())).convert("L"))
    edge = np.concatenate([dots[:3].ravel(), dots[-3:].ravel(), dots[:, :3].ravel(), dots[:, -3:].ravel()])
    assert edge.min() == 255


def test_marks_differ_without_colour() -> None:
    def grey(colour: str) -> float:
        red, green, blue = to_rgb(colour)
        return 0.299 * red + 0.587 * green + 0.114 * blue

    for (one, first), (other, second) in combinations(figure.LOOKS.items(), 2):
        patterns = [(look[2], look[3], look[4]) for look in (first, second)]
        assert patterns[0] != patterns[1] or abs(grey(first[0]) - grey(second[0])) > 0.1, (one, other)
