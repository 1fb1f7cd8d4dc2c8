# SPDX-License-Identifier: Apache-2.0
"""Draws quality against training time from a table of the example factorization, as an SVG.

    factorization --data ml-100k.inter --protocol random --silent > tables.txt
    python3 scripts/lib/scatter_picture.py tables.txt docs/pictures/factorization.svg --table random --column NDCG@10
"""
import argparse
import html
import math
import re
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 680, 400, 70, 90, 20, 50  # of the picture and around its axes, in pixels


def rows_of(text, table, column):
    """[(name, seconds or None, value)] of the table whose heading begins so."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith(table) and column in line), None)
    if start is None:
        sys.exit(f"scatter_picture: no table begins with {table!r} and has the column {column!r}")
    columns = re.split(r"  +", lines[start].strip())[1:]
    place = columns.index(column)
    rows = []
    for line in lines[start + 2:]:
        words = re.split(r"  +", line.strip())
        if len(words) != len(columns) + 1:
            break
        numbers = [None if word == "-" else float(word) for word in words[1:]]
        if words[0] != "published":
            rows.append((words[0], numbers[columns.index("seconds")], numbers[place]))
    return rows


def picture(rows, column):
    trained = [row for row in rows if row[1] is not None]
    low, high = (math.floor(math.log10(min(row[1] for row in trained))), math.ceil(math.log10(max(row[1] for row in trained))))
    top = 0.05 * math.ceil(max(row[2] for row in rows) / 0.05)
    x = lambda seconds: LEFT + (math.log10(seconds) - low) / max(1, high - low) * (WIDTH - LEFT - RIGHT)
    y = lambda value: HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
             'font-family="sans-serif" font-size="13">',
             f"<title>{html.escape(column)} against seconds of training</title>",
             '<rect width="100%" height="100%" fill="white"/>']
    for power in range(low, high + 1):
        at = x(10.0 ** power)
        parts.append(f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e3e6ea"/>'
                     f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{10.0 ** power:g} s</text>')
    for step in range(round(top / 0.05) + 1):
        at = y(0.05 * step)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#e3e6ea"/>'
                     f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{0.05 * step:.2f}</text>')
    for name, seconds, value in rows:
        if seconds is None:
            parts.append(f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" stroke="#8a94a3" stroke-dasharray="5 4"/>'
                         f'<text x="{WIDTH - RIGHT + 6}" y="{y(value) + 4:.1f}" fill="#5b6573">{html.escape(name)}</text>')
    placed = []
    for name, seconds, value in sorted(trained, key=lambda row: -row[2]):
        at = y(value) + 4
        while any(abs(at - other) < 15 and abs(x(seconds) - place) < 90 for other, place in placed):
            at += 15  # names below each other
        placed.append((at, x(seconds)))
        parts.append(f'<circle cx="{x(seconds):.1f}" cy="{y(value):.1f}" r="5" fill="#2f6fb7"/>'
                     f'<text x="{x(seconds) + 9:.1f}" y="{at:.1f}">{html.escape(name)}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">seconds of training</text>')
    parts.append(f'<text x="16" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" '
                 f'transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2})">{html.escape(column)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", help="what the example printed")
    parser.add_argument("picture", help="the SVG to write")
    parser.add_argument("--table", default="random", help="how the heading of the table begins")
    parser.add_argument("--column", default="NDCG@10")
    arguments = parser.parse_args()
    with open(arguments.tables, encoding="utf-8") as file:
        rows = rows_of(file.read(), arguments.table, arguments.column)
    with open(arguments.picture, "w", encoding="utf-8") as file:
        file.write(picture(rows, arguments.column))


if __name__ == "__main__":
    main()
