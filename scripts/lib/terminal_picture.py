# SPDX-License-Identifier: Apache-2.0
"""Draws lines of a program's output as an SVG, as a terminal shows them: pictures of real output for the pages.

    bash scripts/demo > demo.txt
    python3 scripts/lib/terminal_picture.py demo.txt docs/pictures/demo.svg --title "bash scripts/demo" \\
        --first "long \\+ short  epoch 15" --last "14 %  "
"""
import argparse
import html
import re
import sys

WIDTH, HEIGHT, MARGIN, HEAD = 8.4, 18, 16, 34  # of a letter and a line, in pixels; around the text; of the title's bar
BACKGROUND, BAR, TEXT, TITLE = "#1d2430", "#2b3444", "#dbe2ee", "#9fb0c8"


def chosen(lines, first, last):
    """The lines from the first that `first` matches to the next that `last` matches."""
    begin = next((n for n, line in enumerate(lines) if re.search(first, line)), None)
    if begin is None:
        sys.exit(f"terminal_picture: no line matches --first {first!r}")
    end = next((n for n in range(begin, len(lines)) if re.search(last, lines[n])), None)
    if end is None:
        sys.exit(f"terminal_picture: no line from line {begin + 1} on matches --last {last!r}")
    return lines[begin:end + 1]


def picture(lines, title):
    width = 2 * MARGIN + WIDTH * max(map(len, [*lines, title]))
    height = HEAD + 2 * MARGIN + HEIGHT * len(lines)
    # Not every program that draws SVG knows `white-space: pre`: spaces that do not break stay everywhere.
    rows = [f'<text x="{MARGIN}" y="{HEAD + MARGIN + HEIGHT * n + 13}">' + html.escape(line).replace(" ", "\u00a0") + "</text>"
            for n, line in enumerate(lines) if line]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">',
        f"<title>{html.escape(title)}</title>",
        "<style>text { font: 14px 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: " + TEXT + " }</style>",
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
        f'<path d="M0 {HEAD}V8a8 8 0 0 1 8-8H{width - 8:.0f}a8 8 0 0 1 8 8V{HEAD}z" fill="{BAR}"/>',
        f'<text x="{MARGIN}" y="22" style="fill: {TITLE}">$ {html.escape(title)}</text>',
        *rows, "</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", help="text that a program printed")
    parser.add_argument("picture", help="the SVG to write")
    parser.add_argument("--title", required=True, help="the command that printed it")
    parser.add_argument("--first", default="", help="a regular expression: the first line that it matches is the first drawn")
    parser.add_argument("--last", default="^$", help="the same for the last line")
    arguments = parser.parse_args()
    with open(arguments.output, encoding="utf-8") as file:
        lines = chosen([line.rstrip() for line in file], arguments.first, arguments.last)
    with open(arguments.picture, "w", encoding="utf-8") as file:
        file.write(picture(lines, arguments.title))


if __name__ == "__main__":
    main()
