"""The JSON Schema is current, accepts what the loader accepts, and refuses what can be refused key by key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.reader import read_text
from sim.scenario.schema import scenario_schema, schema_text, write_schema
from tests.broken.cases import CASES, SOUND
from tests.unit.scenarios import SMALL
from tests.unit.test_digest import ODD

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = scenario_schema()

_TYPES: dict[str, Any] = {
    "object": dict, "array": (list, tuple), "string": str, "boolean": bool, "null": type(None),
    "integer": int, "number": (int, float),
}  # fmt: skip


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """A small reading of JSON Schema: the words that ours uses, each as the standard says."""
    if "$ref" in schema and not accepts(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value):
        return False
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        number = isinstance(value, bool) and "boolean" not in names
        if number or not any(isinstance(value, _TYPES[name]) for name in names):
            return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "anyOf" in schema and not any(accepts(option, value) for option in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(accepts(option, value) for option in schema["oneOf"]) != 1:
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, list | tuple):
        return len(value) >= schema.get("minItems", 0) and all(
            accepts(schema.get("items", {}), item) for item in value
        )
    return not isinstance(value, dict) or _mapping(schema, value)


def _mapping(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    if any(name not in value for name in schema.get("required", ())) or len(value) < schema.get(
        "minProperties", 0
    ):
        return False
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    if not all(accepts(schema.get("propertyNames", {}), name) for name in value):
        return False
    return all(
        accepts(known[name], item) if name in known else others is not False and accepts(others, item)
        for name, item in value.items()
    )


def test_the_shipped_schema_is_current(tmp_path: Path) -> None:
    """`python run_scenario.py schema --output docs/scenario.schema.json` writes it."""
    write_schema(tmp_path / "schema.json")
    assert (ROOT / "docs" / "scenario.schema.json").read_text(encoding="utf-8") == schema_text()
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == SCHEMA


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_is_accepted(path: Path) -> None:
    assert accepts(SCHEMA, read_text(path.read_text(encoding="utf-8")).plain())


@pytest.mark.parametrize("text", [SMALL, SOUND, ODD], ids=["small", "sound", "odd"])
def test_what_the_loader_accepts_the_schema_accepts(text: str) -> None:
    assert accepts(SCHEMA, read_text(text).plain())


REFUSED = {
    "misspelt_key", "unknown_top_key", "key_is_no_identifier", "label_of_the_whole_file",
    "missing_section", "missing_key", "wrong_unit", "unit_in_wrong_case", "no_unit", "decimal_comma",
    "marks_between_thousands", "negative_duration", "boolean_for_a_number", "list_for_a_number",
    "percent_forgotten", "hazard_without_time", "text_for_money", "fraction_for_a_seed", "yes_for_true",
    "number_for_text", "misspelt_law", "law_without_parameter", "law_not_named", "misspelt_parameter",
    "unbounded_share", "correlation_of_a_time", "no_values", "no_instant", "needs_no_list",
    "misspelt_verb", "two_verbs", "event_without_time", "no_such_choice", "candidates_in_words",
    "strategy_with_a_wrong_value", "strategy_with_a_misspelt_key", "strategy_that_is_no_patch",
    "source_is_no_text",
}  # fmt: skip


@pytest.mark.parametrize("case", [case for case in CASES if case.name in REFUSED], ids=lambda case: case.name)
def test_what_is_wrong_with_one_key_or_value_is_refused(case: Any) -> None:
    assert not accepts(SCHEMA, read_text(case.text).plain())


def test_the_cases_that_the_schema_must_refuse_exist() -> None:
    assert {case.name for case in CASES} >= REFUSED


def test_every_reference_leads_somewhere_and_every_definition_is_used() -> None:
    text = schema_text()
    referred = set(re.findall(r'"\$ref": "#/\$defs/([a-z_]+)"', text))
    assert referred == set(SCHEMA["$defs"])


def test_every_field_explains_itself() -> None:
    for name, record in SCHEMA["$defs"].items():
        for key, field in record.get("properties", {}).items():
            if record.get("additionalProperties") is False and "law" not in record["properties"]:
                described = field.get("description") or SCHEMA["$defs"].get(
                    field.get("$ref", "").rpartition("/")[2], {}
                )
                assert described or name in {"gate"}, f"{name}.{key}"
