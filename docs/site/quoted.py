"""How quotations may be broken where the column ends: sentences and commands may, tables and options not.

In: the pages as Sphinx has read them, and as it writes them. Out: each quotation without a table in the class
`prose`, each option of a command in the class `option`; `static/site.css` says what that means. On a
telephone sentences and commands are then seen whole, and tables are moved sideways.
"""

from __future__ import annotations

import re
from typing import Any

QUOTED = frozenset({"text", "none", "default"})
_COLUMNS = re.compile(r"─|\S {3,}\S")
_COMMANDS = re.compile(r'<div class="highlight-(?:sh|powershell)\b.*?</pre>', flags=re.DOTALL)
_OPTION = re.compile(r"(?<=[\s>])(--[a-z][\w-]*)(?=[\s<=])")


def setup(app: Any) -> dict[str, bool]:
    """Look at every page when it has been read, and when it is written."""
    app.connect("doctree-read", mark)
    app.connect("html-page-context", keep)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def mark(app: Any, page: Any) -> None:
    """Give every quotation of sentences its class."""
    from docutils import nodes  # type: ignore[import-untyped,import-not-found,unused-ignore]

    for block in page.findall(nodes.literal_block):
        if block.get("language") in QUOTED and not is_table(block.astext()):
            block["classes"].append("prose")


def is_table(text: str) -> bool:
    """Whether something stands below something else: a rule, or words apart by more than two blanks."""
    return _COLUMNS.search(text) is not None


def keep(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Keep the options of commands in one piece."""
    context["body"] = unbroken(context.get("body") or "")


def unbroken(html: str) -> str:
    """The page with each option of a command in an element of its own; the hyphens in it end no line."""
    whole = _COMMANDS.sub(lambda found: _OPTION.sub(r'<span class="option">\1</span>', found[0]), html)
    return whole.replace('<span class="pre">--', '<span class="pre option">--')
