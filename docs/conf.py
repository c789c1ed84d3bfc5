# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The documentation as one site, made by `./dev docs`: the README in front, and in the menu what its table names for each reader.

The source is the whole repository, so that a link which works in a forge works here: a page leads to a page, another file is
offered as it is.
"""

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
# The colours are those of the product's own pages, light and dark: app/web/static/theme.css.
LOOK = {
    "font-stack": "var(--waarmerk-font)",
    "font-stack--monospace": "var(--waarmerk-font-mono)",
    "color-brand-primary": "var(--waarmerk-accent)",
    "color-brand-content": "var(--waarmerk-accent)",
    "color-brand-visited": "var(--waarmerk-accent)",
    "color-background-primary": "var(--waarmerk-paper)",
    "color-background-secondary": "var(--waarmerk-ground)",
    "color-background-border": "var(--waarmerk-line)",
    "color-foreground-primary": "var(--waarmerk-ink)",
    "color-foreground-secondary": "var(--waarmerk-quiet)",
}
_ROW = re.compile(r"^\| (an? [^|]+?) \| (.+) \|$", re.MULTILINE)
_PAGE = re.compile(r"\]\(([\w/.-]+)\.md\)")

project = "Waarmerk"
extensions = ["myst_parser"]
root_doc = "README"
include_patterns = ["*.md", "bench/*.md", "deploy/*.md", "docs/**.md", "policies/README.md"]
exclude_patterns = [".*", "app", "build", "dist", "node_modules", "site", "tests", "watermark"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # an example may leave something out: {"text": "…"}

highlight_language = "text"
html_theme = "furo"
html_title = "Waarmerk"
html_favicon = "../app/web/static/mark.svg"
html_copy_source = False
html_use_index = False
html_css_files = ["theme.css", "site.css"]
html_static_path = ["static", "../app/web/static/theme.css"]
html_theme_options = {"light_css_variables": LOOK, "dark_css_variables": LOOK}


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _contents)
    app.connect("build-finished", _front)


def _contents(app: Sphinx, name: str, source: list[str]) -> None:
    """Append the menu, which a reader in a forge does not need: there the table and the list lead on."""
    if name == root_doc:
        groups = {f"For {reader}": _PAGE.findall(pages) for reader, pages in _ROW.findall(source[0])}
        named = {page for pages in groups.values() for page in pages}
        groups["More"] = sorted(app.env.found_docs - named - set(_decisions(app)) - {root_doc})
        source[0] += "".join(_toctree(pages, caption) for caption, pages in groups.items())
    elif name == "docs/decisions/README":
        source[0] += _toctree(_decisions(app))


def _decisions(app: Sphinx) -> list[str]:
    return sorted(page for page in app.env.found_docs if re.match(r"docs/decisions/[0-9]", page))


def _toctree(pages: list[str], caption: str = "") -> str:
    listed = "\n".join(f"/{page}" for page in pages)
    title = f":caption: {caption}\n" if caption else ""
    return f"\n\n```{{toctree}}\n:hidden:\n{title}\n{listed}\n```\n" if pages else ""


def _front(app: Sphinx, error: Exception | None) -> None:
    """A web server looks for `index.html`."""
    if error is None:
        shutil.copy(Path(app.outdir, "README.html"), Path(app.outdir, "index.html"))
