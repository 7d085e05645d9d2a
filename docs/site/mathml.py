"""Equations of the site as MathML, which browsers draw themselves: no script, no font, no other machine.

In: the LaTeX between dollars. Out: a `math` element. What the converter cannot read is a warning with its
place, which ends the making of the site: a page that shows LaTeX by mistake looks finished to who made it.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes  # type: ignore[import-untyped,import-not-found,unused-ignore]
from latex2mathml.converter import convert  # type: ignore[import-not-found,unused-ignore]
from sphinx.util import logging  # type: ignore[import-not-found,unused-ignore]

LOG = logging.getLogger(__name__)


def setup(app: Any) -> dict[str, bool]:
    """Register the renderer under the name `mathml`."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def inline(writer: Any, node: Any) -> None:
    """Write an equation within a line; nothing below the node is visited."""
    writer.body.append(converted(node, "inline"))
    raise nodes.SkipNode


def block(writer: Any, node: Any) -> None:
    """Write an equation on a line of its own, which scrolls by itself where the page is narrow."""
    writer.body.append(f'<div class="math" style="overflow-x: auto">{converted(node, "block")}</div>\n')
    raise nodes.SkipNode


def converted(node: Any, display: str) -> str:
    """Convert the LaTeX of a node; say where, if that is impossible."""
    latex = node.astext()
    try:
        told = str(convert(latex, display=display))
        unread = re.findall(r"\\\w+", told)  # a command that it does not know is shown as it stands
    except Exception as why:  # the converter raises many kinds, none of them documented
        told, unread = "", [repr(why)]
    if unread:
        LOG.warning("this equation cannot be read (%s): %s", ", ".join(unread), latex, location=node)
    return told
