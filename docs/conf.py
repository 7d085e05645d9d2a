"""How `make docs` makes the site: Sphinx reads this file, the pages are Markdown, notebooks are run.

In: the pages of this folder, docstrings of `sim`, the command line. Out: a folder of HTML that asks no other
machine for anything: fonts are the system's, and equations are MathML, which browsers draw themselves
(`site/mathml.py`), where MathJax would be fetched at every visit. What a page can take from the program is
not typed: `site/made.py` writes it while the site is made.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "site")]

from sim import __version__  # noqa: E402

project = "hostfall"
author = "The hostfall authors"
copyright = "the hostfall authors, MIT licence"  # noqa: A001
version = release = __version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "mathml", "made", "quoted"]
exclude_patterns = ["_build", "site"]
default_role = "code"
smartquotes = False  # `--output` is two hyphens

myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

# A notebook is kept without outputs and run here; one that fails ends the making of the site.
nb_execution_mode = "auto"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"hostfall {version}"
html_math_renderer = "mathml"
html_copy_source = False
html_static_path = ["site/static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": False}
