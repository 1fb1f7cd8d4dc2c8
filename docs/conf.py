# SPDX-License-Identifier: Apache-2.0
"""Sphinx, for scripts/docs: the pages are Markdown as a code host shows it, the reference is made from the headers."""
import os

project = "Longshore"
copyright = "the authors of Longshore, Apache-2.0"  # pylint: disable=redefined-builtin
release = os.environ["LONGSHORE_VERSION"]
extensions = ["myst_parser"]
root_doc = "docs/index"
exclude_patterns = []
myst_heading_anchors = 4  # as a code host names them: [...](page.md#a-heading)
html_theme = "furo"
html_title = f"Longshore {release}"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
highlight_language = "text"  # of blocks that name none
pygments_style = "friendly"
