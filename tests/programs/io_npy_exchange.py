# SPDX-License-Identifier: Apache-2.0
"""NumPy reads our .npy files, and we read its: every type, rank and version of the format.

usage: io_npy_exchange.py PROGRAM
"""
import io
import pathlib
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy
except ImportError as error:
    print(f"skipped: the Python package {error.name} is missing")
    sys.exit(77)

program = sys.argv[1]
NAMES = {"f4": "F32", "f8": "F64", "i4": "I32", "i8": "I64", "u1": "U8"}


def read(path):
    return subprocess.run([program, "read", path], text=True, check=True, capture_output=True).stdout.strip()


def check_ours(folder):
    subprocess.run([program, "write", folder], check=True)
    for dtype in NAMES:
        expected = numpy.arange(24).astype(dtype).reshape(2, 3, 4)
        kind = numpy.iinfo if numpy.issubdtype(dtype, numpy.integer) else numpy.finfo
        expected[0, 0, 0] = kind(dtype).min
        for name, array in (("", expected), ("_scalar", numpy.array(7, dtype)),
                            ("_vector", numpy.array([1, 2, 3], dtype)), ("_empty", numpy.zeros((0, 3), dtype))):
            path = folder / f"{dtype}{name}.npy"
            came = numpy.load(path)
            assert came.dtype == dtype and came.shape == array.shape and numpy.array_equal(came, array), path.name
            again = io.BytesIO()
            numpy.save(again, array)
            assert again.getvalue() == path.read_bytes(), f"{path.name} differs from what NumPy writes"
    print(f"ours: {4 * len(NAMES)} arrays read by NumPy {numpy.__version__}, byte for byte what NumPy writes")


def check_theirs(folder):
    path = folder / "theirs.npy"
    checked = 0
    for dtype, name in NAMES.items():
        for shape in ((), (5,), (2, 3), (1, 2, 1, 4), (0,), (3, 0, 2)):
            array = ((numpy.arange(numpy.prod(shape, dtype=int)) * 7 + 3) / 4).astype(dtype).reshape(shape)
            for version in ((1, 0), (2, 0), (3, 0)):
                with open(path, "wb") as file, warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    numpy.lib.format.write_array(file, array, version=version)
                extents = "".join(f"{extent} " for extent in shape)
                words = read(path).split(" ", 1)
                assert words[0] == name and words[1].startswith(f"[{extents}]"), words
                elements = [float(word) for word in words[1].split("]")[1].split()]
                assert elements == [float(x) for x in array.ravel()], (dtype, shape, version)
                checked += 1
    print(f"theirs: {checked} files read by us")


def check_refused(folder):
    path = folder / "refused.npy"
    for array, reason in ((numpy.asfortranarray(numpy.ones((2, 3))), "the array is in Fortran order"),
                          (numpy.ones(3, ">f4"), 'elements of type ">f4"'),
                          (numpy.ones(3, "f2"), 'elements of type "<f2"'),
                          (numpy.ones(3, bool), 'elements of type "|b1"'),
                          (numpy.ones(3, complex), 'elements of type "<c16"'),
                          (numpy.array([{}, 1], object), 'elements of type "|O"'),
                          (numpy.zeros(2, [("x", "f4")]), "the header must have a text here"),
                          (numpy.array([1.0, numpy.nan]), "a NaN or an infinity")):
        numpy.save(path, array, allow_pickle=True)
        came = read(path)
        assert came.startswith("refused: ") and reason in came, came
    print("refused: what we do not read is named")


with tempfile.TemporaryDirectory() as name:
    check_ours(pathlib.Path(name))
    check_theirs(pathlib.Path(name))
    check_refused(pathlib.Path(name))
