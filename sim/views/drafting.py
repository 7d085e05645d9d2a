"""The scenario that `new` writes: six answers, and perhaps a table of suppliers, as a commented file.

In: `Answers`. Out: YAML text that passes `check`. It is filled into a template rather than dumped from the
model, because what a reader learns from are the comments.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

from sim.scenario.fields import RESERVED
from sim.scenario.units import DURATION, parse_quantity
from sim.views.interview import Answers, is_host, is_store
from sim.views.supplier_table import SupplierRow, identifier

TEMPLATE = Path(__file__).with_name("templates") / "new_scenario.yaml.jinja"
BASE = {"read": "read posts", "sign_in": "sign in", "post": "write posts", "sign_up": "open an account"}
"""What people can do on any platform of this kind, as verb phrases."""
_SAID = {identifier(label): name for name, label in BASE.items()}
"""Which of them a table means that says `open an account` rather than `sign_up`."""
DAYS_BEFORE, DAYS_AFTER = 30, 240
"""How long all is well before the event, unless a notice is longer, and how far to look after it."""
_YAML_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
WEB_SHARE = Decimal(40)
"""Percent of users on the web, where there is an app as well. Assumption."""


def draft(answers: Answers, path: Path, *, today: date | None = None) -> str:
    """The text of the scenario file. It begins on the first of January after ``today``."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
    environment.filters["text"] = _text
    environment.filters["word"] = _word
    rows = rows_of(answers)
    start = datetime((today or datetime.now(tz=UTC).date()).year + 1, 1, 1, tzinfo=UTC)
    before = _days_before(answers, rows)
    described = [
        asdict(row) | {"takes": _takes(row), "verb": "delist" if is_store(row) else "suspend"} for row in rows
    ]
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        name=answers.name,
        title=_printable(f"{answers.name.replace('_', ' ').capitalize()}: {answers.host} closes the account"),
        path=path.as_posix(),
        start=f"{start:%Y-%m-%dT%H:%MZ}",
        when=f"{start + timedelta(days=before, hours=8):%Y-%m-%dT%H:%MZ}",
        horizon=f"{before + DAYS_AFTER} d",
        users=answers.users,
        notice=answers.notice,
        data=answers.data,
        suppliers=described,
        host=described[0],
        capabilities=_capabilities(rows),
        ways=_ways([row for row in rows if is_store(row)]),
    )


def _days_before(answers: Answers, rows: list[SupplierRow]) -> int:
    """Days from the start to the event, so that every letter comes after the start."""
    notices = [answers.notice, *(row.notice for row in rows if row.notice)]
    longest = max(parse_quantity(notice, DURATION) for notice in notices)
    return max(DAYS_BEFORE, ceil(longest / 24))


def rows_of(answers: Answers) -> list[SupplierRow]:
    """Every supplier as a row, the host first; from the table where there is one."""
    given = list(answers.rows)
    host = next((row for row in given if is_host(row)), None) or _row(answers.host, "cloud host")
    if given:
        rest = [row for row in given if row is not host]
    else:
        rest = [_row(name, "app store") for name in answers.stores]
        rest += [_row(name, "other supplier", "sign_in") for name in answers.others]
    uses = {*BASE, *(use for row in given for use in row.needed_for), "host", "users", "web", *RESERVED}
    roles = {row.role: row for row in rest}
    taken = [replace(row, role=f"{role}_service") if role in uses else row for role, row in roles.items()]
    return [replace(host, role="host"), *taken]


def _row(name: str, kind: str, *needed_for: str) -> SupplierRow:
    return SupplierRow(identifier(name), name, kind, needed_for, None, None, None, None)


def _word(name: str) -> str:
    """An identifier as YAML takes it: some words mean something else there unless they are quoted."""
    return _text(name) if name.lower() in _YAML_WORDS else name


def _text(words: str) -> str:
    """A text as YAML takes it, whatever is in it."""
    return json.dumps(_printable(words), ensure_ascii=False)


def _printable(words: str) -> str:
    """The words on one line, without characters that no file should hold."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


def _capabilities(rows: list[SupplierRow]) -> list[dict[str, Any]]:
    """The usual capabilities, an install for each store, and whatever else the suppliers are needed for."""
    needs = {"read": [rows[0].role], "sign_in": ["read"], "post": ["sign_in"], "sign_up": ["sign_in"]}
    labels = dict(BASE)
    for row in rows[1:]:
        if is_store(row):
            needs[f"install_{row.role}"] = ["sign_up", row.role]
            labels[f"install_{row.role}"] = f"install the app from {row.name}"
            continue
        for use in (_SAID.get(use, use) for use in row.needed_for or ("sign_in",)):
            needs.setdefault(use, ["sign_in"])
            labels.setdefault(use, f"use {use.replace('_', ' ')}")
            if row.role not in needs[use]:
                needs[use].append(row.role)
    return [{"name": name, "label": labels[name], "needs": needed} for name, needed in needs.items()]


def _ways(stores: list[SupplierRow]) -> list[dict[str, Any]]:
    """The ways in and their shares in percent, which add up to 100 exactly: the last takes what is left."""
    if not stores:
        return []
    each = ((100 - WEB_SHARE) / len(stores)).quantize(Decimal("0.1"))
    shares = [each] * (len(stores) - 1)
    ways = [{"name": "web", "share": WEB_SHARE, "join_by": None}]
    ways += [
        {"name": store.role, "share": share, "join_by": f"install_{store.role}"}
        for store, share in zip(stores, [*shares, 100 - WEB_SHARE - sum(shares)], strict=True)
    ]
    return ways


def _takes(row: SupplierRow) -> str | None:
    """The time to replace as a law: anything in a range is as likely; a single value stands as it is."""
    if row.time_to_replace is None:
        return None
    low, high = row.time_to_replace
    return low if low == high else f"{{law: uniform, low: {low}, high: {high}}}"
