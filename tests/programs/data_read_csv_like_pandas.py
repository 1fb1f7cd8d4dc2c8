# SPDX-License-Identifier: Apache-2.0
"""P10: 1,000 generated CSV files are read as pandas reads them. Usage: data_read_csv_like_pandas.py PROGRAM [SEED]"""
import csv
import gzip
import io
import math
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

try:
    import pandas
except ImportError:
    print("skipped: this Python has no pandas to compare with (Debian: python3-pandas)")
    sys.exit(77)

FILES = 1000
SEPARATORS = {",": "found", ";": "found", "\t": "tab", "|": "found", "::": "::", "<>": "<>"}
PIECES = ["a", "B00", "7", "-7", "007", "é", "漢", "🎬", "x y", "'", "9223372036854775808", "1e5", "null", "NA", "#"]


def key(draw, separator, may_be_quoted):
    """A key: never empty, no spaces at the ends; what needs quotes only where there are quotes."""
    while True:
        parts = [draw.choice(PIECES) for _ in range(draw.randint(1, 3))]
        if may_be_quoted and draw.random() < 0.2:
            parts.insert(draw.randrange(len(parts) + 1), draw.choice([separator, '"', "\n", "\r\n", '""', "\r"]))
        text = "".join(parts)
        if text == text.strip(" ") and (may_be_quoted or separator not in text):
            return text


def number(draw):
    kind = draw.randrange(5)
    if kind == 0:
        return str(draw.randint(-10, 10))
    if kind == 1:
        return repr(draw.uniform(-1000, 1000))
    if kind == 2:
        return f"{draw.uniform(0, 5):.1f}"
    if kind == 3:
        return f"{draw.uniform(-1, 1):.{draw.randint(1, 17)}e}"
    return "%de%d" % (draw.randint(-99, 99), draw.randint(-20, 20))


def make(draw, path):
    """Writes one file; returns its separator and what the program is told of it."""
    separator = draw.choice(list(SEPARATORS))
    quotes = len(separator) == 1  # pandas splits at longer separators by regular expression, without quotes
    rows = [
        [key(draw, separator, quotes), key(draw, separator, quotes), number(draw), str(draw.randint(-10**12, 10**12)),
         number(draw), key(draw, separator, quotes)] for _ in range(draw.randint(1, 40))
    ]
    names = ["user_id", "item_id", "rating", "timestamp", "price", "kind"]
    order = draw.sample(range(6), 6)
    records = [[row[k] for k in order] for row in [names] + rows]
    end = draw.choice(["\n", "\r\n"])
    if quotes:
        buffer = io.StringIO()
        style = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        writer = csv.writer(buffer, delimiter=separator, quoting=style, lineterminator=end)
        for record in records:
            if any("\r" in field for field in record):
                csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator=end).writerow(record)
            else:
                writer.writerow(record)
            if draw.random() < 0.1:
                buffer.write(draw.choice(["\n", "\r\n"]))  # an empty line
        text = buffer.getvalue()
    else:
        text = "".join(separator.join(record) + draw.choice(["\n", "\r\n"]) for record in records)
    if draw.random() < 0.3:
        text = text.rstrip("\r\n")
    data = text.encode("utf-8")
    if draw.random() < 0.2:
        data = b"\xef\xbb\xbf" + data
    if draw.random() < 0.2:
        data = gzip.compress(data)
    path.write_bytes(data)
    return separator, SEPARATORS[separator]


def with_pandas(path, separator):
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    several = len(separator) > 1
    return pandas.read_csv(io.BytesIO(data), sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig",
                           engine="python" if several else "c", quoting=csv.QUOTE_NONE if several else csv.QUOTE_MINIMAL)


def is_nearest_float(text, value):
    """Whether `value` is a float nearest to the decimal number."""
    exact = Fraction(text)
    bits = max(math.frexp(value)[1] if value else -125, -125) - 24
    return abs(Fraction(value) - exact) <= Fraction(2)**bits / 2


def main():
    program = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="longshore.") as name:
        folder = pathlib.Path(name)
        files = {}
        with open(folder / "list", "w", encoding="utf-8") as listing:
            for number_of_file in range(FILES):
                path = folder / f"{number_of_file}.csv"
                separator, told = make(draw, path)
                files[path] = separator
                listing.write(f"{path.name} {told}\n")
        subprocess.run([program, name], check=True)
        rows = 0
        for path, separator in files.items():
            table = with_pandas(path, separator)
            lines = path.with_name(path.name + ".out").read_text(encoding="ascii").splitlines()
            assert len(lines) == len(table), f"{path.name}: {len(lines)} events, pandas has {len(table)}"
            for line, (_, row) in zip(lines, table.iterrows()):
                user, item, value, time, price, kind = line.split(";")
                for column, got in (("user_id", user), ("item_id", item), ("kind", kind)):
                    assert bytes.fromhex(got).decode("utf-8") == row[column], f"{path.name}: {column}: {got} {row[column]!r}"
                for column, got in (("rating", value), ("price", price)):
                    assert is_nearest_float(row[column], float.fromhex(got)), f"{path.name}: {column}: {got} {row[column]}"
                assert int(time) == int(row["timestamp"]), f"{path.name}: {time} {row['timestamp']}"
                rows += 1
    print(f"{FILES} files with {rows} events are read as pandas {pandas.__version__} reads them (seed {seed})")


if __name__ == "__main__":
    main()
