"""Single points of failure and dominators: the same on a path of alternatives, not where two are needed.

On user -> {cdn_a, cdn_b} -> edge -> {app_1, app_2} -> db, every part up with probability 0.99 except user
and db, which never fail, the db can be reached with probability 0.9898020099. The strict dominators of db
are user and edge; the single point of failure is edge, with a Birnbaum importance of 0.99980001. Where a
node needs two others at once, neither dominates it and each is a single point of failure.

Source: T. Lengauer and R. E. Tarjan, A fast algorithm for finding dominators in a flowgraph, ACM TOPLAS
1(1), 1979, 121-141, doi 10.1145/357062.357071 (dominators, here by networkx). Exact: 1e-12.
"""

from __future__ import annotations

import networkx as nx
import pytest

from sim.structure import importances, unavailability
from tests.structures import function_of

PARTS = ("cdn_a", "cdn_b", "edge", "app_1", "app_2")
PATH = function_of(
    PARTS,
    {
        "shielded": [{"any": ["cdn_a", "cdn_b"]}],
        "inside": ["shielded", "edge"],
        "db": ["inside", {"any": ["app_1", "app_2"]}],
    },
)
Q = dict.fromkeys(PARTS, 0.01)


def dominators(edges: list[tuple[str, str]], start: str, end: str) -> set[str]:
    """What every path from start to end passes, without the end."""
    nearest = nx.immediate_dominators(nx.DiGraph(edges), start)
    found = set()
    while end != start:
        end = nearest[end]
        found.add(end)
    return found


def test_the_db_can_be_reached() -> None:
    found = 1.0 - unavailability(PATH.diagram, PATH.down("db"), Q)
    assert found == pytest.approx(0.9898020099, rel=1e-12)


def test_on_a_path_of_alternatives_the_dominator_is_the_single_point_of_failure() -> None:
    edges = [("user", "cdn_a"), ("user", "cdn_b"), ("cdn_a", "edge"), ("cdn_b", "edge"), ("edge", "app_1"),
             ("edge", "app_2"), ("app_1", "db"), ("app_2", "db")]  # fmt: skip
    assert dominators(edges, "user", "db") == {"user", "edge"}
    assert PATH.cut_sets("db").singles == ("edge",)
    (edge,) = [one for one in importances(PATH.diagram, PATH.cut_sets("db"), Q) if one.event == "edge"]
    assert edge.birnbaum == pytest.approx(0.99980001, rel=1e-12)


def test_where_two_are_needed_at_once_dominators_miss_both() -> None:
    function = function_of(["host", "dns"], {"use": ["host", "dns"]})
    edges = [("outside", "host"), ("outside", "dns"), ("host", "use"), ("dns", "use")]
    assert dominators(edges, "outside", "use") == {"outside"}
    assert function.cut_sets("use").singles == ("host", "dns")
