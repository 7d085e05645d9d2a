"""The resolved file: every default filled in, strategies as the smallest patches between them.

In: a loaded file. Out: YAML text that loads to the same digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.written import write_scenario

if TYPE_CHECKING:
    from sim.scenario.file import ScenarioFile


def resolved_yaml(file: ScenarioFile) -> str:
    """The text."""
    written = {name: write_scenario(scenario) for name, scenario in file.strategies.items()}
    first = next(iter(written))
    whole = dict(written[first])
    if list(written) != ["as_is"]:
        whole["baseline"] = file.baseline
        whole["strategies"] = {
            name: {"label": file.labels[name], **_difference(whole_of_first, other)}
            for name, other in written.items()
            for whole_of_first in [written[first]]
        }
    head = f"# {file.title}\n# Resolved: every default is written out.\n".replace("\r", " ")
    return head + to_yaml(whole)


def _difference(base: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The patch that makes ``base`` into ``other``."""
    patch: dict[str, Any] = {}
    for key, value in other.items():
        if key not in base:
            patch[key] = value
        elif (
            isinstance(value, dict)
            and isinstance(base[key], dict)
            and not ("law" in value or "law" in base[key])
        ):
            below = _difference(base[key], value)
            if below:
                patch[key] = below
        elif value != base[key] or type(value) is not type(base[key]):
            patch[key] = value
    patch.update(dict.fromkeys(key for key in base if key not in other))
    return patch


def to_yaml(value: Any) -> str:
    """YAML text of plain values, keys in the order given."""
    from io import StringIO

    from ruamel.yaml import YAML

    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False
    writer.width = 10_000
    stream = StringIO()
    writer.dump(value, stream)
    return stream.getvalue()
