# SPDX-License-Identifier: Apache-2.0
"""Python's safetensors reads our files, we read its, and both accept and refuse the same damaged ones.

usage: io_safetensors_exchange.py PROGRAM [DAMAGED_FILES]
"""
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

try:
    import numpy
    import safetensors
    import safetensors.numpy
except ImportError as error:
    print(f"skipped: the Python package {error.name} is missing")
    sys.exit(77)

program = sys.argv[1]
damaged_files = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
SHAPES = {
    "f32": (numpy.float32, (4, 5)), "f64": (numpy.float64, (3,)), "scalar": (numpy.float64, ()),
    "empty": (numpy.float32, (0, 6)), "i64": (numpy.int64, (2, 2, 2)), 'i32 "é"': (numpy.int32, (9,)),
    "u64": (numpy.uint64, (1,)), "u8": (numpy.uint8, (3, 1, 7)),
}
NOTE = 'two\nlines, "quoted", é'


def values(dtype, shape):
    index = numpy.arange(numpy.prod(shape, dtype=int))
    made = (index - 5) / 4 if numpy.issubdtype(dtype, numpy.floating) else index * 37 + 11
    return made.astype(dtype).reshape(shape)


def xxh64(data):
    """XXH64 with seed 0, written from its specification."""
    mask = 2**64 - 1
    p1, p2, p3, p4, p5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
                          0x27D4EB2F165667C5)
    rotate = lambda x, r: ((x << r) | (x >> (64 - r))) & mask
    step = lambda lane, word: rotate((lane + word * p2) & mask, 31) * p1 & mask
    at = 0
    if len(data) >= 32:
        lanes = [(p1 + p2) & mask, p2, 0, -p1 & mask]
        while len(data) - at >= 32:
            lanes = [step(lane, word) for lane, word in zip(lanes, struct.unpack_from("<4Q", data, at))]
            at += 32
        total = sum(rotate(lane, r) for lane, r in zip(lanes, (1, 7, 12, 18))) & mask
        for lane in lanes:
            total = ((total ^ step(0, lane)) * p1 + p4) & mask
    else:
        total = p5
    total = (total + len(data)) & mask
    while len(data) - at >= 8:
        total = (rotate(total ^ step(0, struct.unpack_from("<Q", data, at)[0]), 27) * p1 + p4) & mask
        at += 8
    if len(data) - at >= 4:
        total = (rotate(total ^ (struct.unpack_from("<I", data, at)[0] * p1 & mask), 23) * p2 + p3) & mask
        at += 4
    for byte in data[at:]:
        total = rotate(total ^ (byte * p5 & mask), 11) * p1 & mask
    total = (total ^ (total >> 33)) * p2 & mask
    total = (total ^ (total >> 29)) * p3 & mask
    return f"{total ^ (total >> 32):016x}"


def check_ours(folder):
    path = folder / "ours.safetensors"
    subprocess.run([program, "write", path], check=True)
    tensors = safetensors.numpy.load_file(path)
    assert set(tensors) == set(SHAPES), set(tensors)
    for name, (dtype, shape) in SHAPES.items():
        assert tensors[name].dtype == dtype and tensors[name].shape == shape, name
        assert numpy.array_equal(tensors[name], values(dtype, shape)), name
    with safetensors.safe_open(path, "np") as opened:
        metadata = opened.metadata()
    assert metadata["note"] == NOTE and metadata["format"] == "pt", metadata

    # The checksums are what the documentation of the keys says.
    data = path.read_bytes()
    header_end = 8 + struct.unpack("<Q", data[:8])[0]
    assert header_end % 64 == 0
    opening = b'{"__metadata__":{"longshore.xxh64":"'
    assert data[8:8 + len(opening)] == opening
    digits = 8 + len(opening)
    assert xxh64(data[:digits] + b"0" * 16 + data[digits + 16:header_end]) == metadata["longshore.xxh64"]
    for name in SHAPES:
        assert xxh64(tensors[name].tobytes()) == metadata["longshore.xxh64." + name], name
    header = json.loads(data[8:header_end])
    for name, (dtype, _) in SHAPES.items():
        assert header[name]["data_offsets"][0] % numpy.dtype(dtype).itemsize == 0, name
    print(f"ours: {len(SHAPES)} tensors read by safetensors {safetensors.__version__}, checksums as documented")


def check_theirs(folder):
    path = folder / "theirs.safetensors"
    tensors = {name: values(dtype, shape) for name, (dtype, shape) in SHAPES.items()}
    tensors |= {"i16": values(numpy.int16, (2,)), "i8": values(numpy.int8, (3,)), "f16": values(numpy.float16, (5,)),
                "bool": numpy.array([True, False, True])}
    safetensors.numpy.save_file(tensors, path, metadata={"note": NOTE, "format": "np"})
    subprocess.run([program, "read", path], check=True)
    print(f"theirs: {len(tensors)} tensors read by us")


def check_rewritten(folder):
    """A file of ours that Python writes again with our metadata is refused with the reason; without it, read."""
    ours = folder / "ours.safetensors"
    with safetensors.safe_open(ours, "np") as opened:
        metadata = opened.metadata()
    again = folder / "again.safetensors"
    safetensors.numpy.save_file(safetensors.numpy.load_file(ours), again, metadata=metadata)
    clean = folder / "clean.safetensors"
    safetensors.numpy.save_file(safetensors.numpy.load_file(ours), clean,
                                metadata={k: v for k, v in metadata.items() if not k.startswith("longshore.")})
    first, second = judge([again, clean])
    assert "rewritten by another program" in first or "does not match its checksum" in first, first
    assert second == "accept", second


def judge(paths):
    result = subprocess.run([program, "judge"], input="\n".join(map(str, paths)) + "\n", text=True, check=True,
                            capture_output=True, errors="replace")
    lines = result.stdout.split("\n")[:-1]
    assert len(lines) == len(paths), (len(lines), len(paths))
    return lines


def a_header(rng):
    """A correct header, as a list of pairs so that it can be damaged, and its data."""
    sizes = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4,
             "U16": 2, "U8": 1, "BOOL": 1}
    end, pairs = 0, []
    for i in range(rng.randrange(5)):
        dtype = rng.choice(list(sizes))
        shape = [rng.randrange(4) for _ in range(rng.randrange(4))]
        begin, end = end, end + int(numpy.prod(shape, dtype=int)) * sizes[dtype]
        pairs.append([f"t{i}", {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}])
    rng.shuffle(pairs)
    if rng.random() < 0.5:
        pairs.insert(rng.randrange(len(pairs) + 1), ["__metadata__", {"k": "v", "é": "\n"}])
    return pairs, bytes(rng.randrange(2) for _ in range(end))


def damage(rng):
    """A file with up to three changes of its structure or bytes, or none."""
    pairs, data = a_header(rng)
    for _ in range(rng.randrange(3)):
        tensors = [pair for pair in pairs if pair[0] != "__metadata__" and isinstance(pair[1], dict)]
        if not tensors:
            break
        entry = rng.choice(tensors)[1]
        field = rng.choice(["offsets", "offsets", "shape", "shape", "dtype", "value", "data"])
        if field == "offsets" and isinstance(entry.get("data_offsets"), list) and len(entry["data_offsets"]) == 2:
            entry["data_offsets"][rng.randrange(2)] += rng.choice([-8, -1, 1, 8, 2**63, 2**64])
        elif field == "shape" and isinstance(entry.get("shape"), list):
            entry["shape"].append(rng.choice([0, 1, 1, 2, -1, 2**32, 2**62, 2**63]))
        elif field == "dtype":
            entry["dtype"] = rng.choice(["F32", "U8", "I64", "f32", "", 7, None])
        elif field == "value":
            name = rng.choice(["dtype", "shape", "data_offsets"])
            entry[name] = rng.choice([None, [], {}, "x", 1.5, True, [1.0], [[1]]])
        else:
            data = data + b"\0" if rng.random() < 0.5 else data[:-1]
    text = "{" + ",".join(json.dumps(key, ensure_ascii=rng.random() < 0.5) + ":" +
                          json.dumps(value, ensure_ascii=rng.random() < 0.5) for key, value in pairs) + "}"
    header = bytearray(text.encode() + b" " * rng.randrange(9))
    if rng.random() < 0.5:
        for _ in range(rng.randrange(1, 3)):
            at = rng.randrange(len(header) + 1)
            change = rng.randrange(3)
            if change == 0:
                header[at:at] = rng.choice([b" ", b"\n", b"0", b"-", b",", b'"', b"\\", b"{", b"}", b"[", b"]", b"\0",
                                            b"\xff", b"e1"])
            elif change == 1:
                del header[at:at + 1]
            elif at < len(header):
                header[at] ^= 1 << rng.randrange(8)
    length = len(header) + (rng.choice([-1, 1, 2**32, 2**63]) if rng.random() < 0.05 else 0)
    return struct.pack("<Q", length % 2**64) + bytes(header) + data


def refused_by_us_only(content, reason):
    """Where we are stricter than the package on purpose: the format says so, or a limit."""
    return any(sentence in reason for sentence in (
        "the header must begin with {", "a tensor has no field", "comes twice", "has a shape whose size leaves 63 bits",
        "an extent of", "extents in a shape", "the header holds null where none belongs"))


def check_damaged(folder):
    rng = random.Random(11)
    paths, contents = [], []
    for i in range(damaged_files):
        contents.append(damage(rng))
        paths.append(folder / f"damaged{i}")
        paths[-1].write_bytes(contents[-1])
    accepted = stricter = 0
    for content, ours in zip(contents, judge(paths)):
        try:
            safetensors.deserialize(content)
            theirs = "accept"
        except safetensors.SafetensorError as error:
            theirs = str(error)
        accepted += theirs == "accept" and ours == "accept"
        if ours == "accept":
            assert theirs == "accept", (content, theirs)
        elif theirs == "accept":
            assert refused_by_us_only(content, ours), (content, ours)
            stricter += 1
    assert accepted >= damaged_files // 10, accepted
    assert accepted <= damaged_files * 9 // 10, accepted
    print(f"damaged: {damaged_files} files, {accepted} accepted by both, {stricter} refused by us alone on purpose, "
          "no other difference")


with tempfile.TemporaryDirectory() as name:
    check_ours(pathlib.Path(name))
    check_theirs(pathlib.Path(name))
    check_rewritten(pathlib.Path(name))
    check_damaged(pathlib.Path(name))
