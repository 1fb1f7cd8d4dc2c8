# SPDX-License-Identifier: Apache-2.0
"""The tree as the house checks see it: headers, includes, and the table of what each folder may include.

A check is a function that takes a Tree and yields complaints, one sentence each; `run` makes a program of it.
"""
import argparse
import pathlib
import re
import sys

# ---- who may know whom: each folder may include itself and these
BLOCKS = ("encoders", "pooling", "fusers", "scorers", "losses", "layers", "embeddings", "optimizers")
SHARED_BLOCKS = ("layers", "embeddings")
_below_blocks = ("core", "linalg", "kernels")
_algorithms = ("factorization", "retrieval", "metrics", "baselines", "data")
_below_algorithms = _below_blocks + BLOCKS + ("io", "interop")
_below_models = _below_algorithms + _algorithms
_top = ("training", "adaptive", "serving", "distributed", "text")
MAY_INCLUDE = {
    "core": (),
    "io": ("core",),
    "interop": ("core",),
    "linalg": ("core",),
    "kernels": ("core", "linalg"),
    **{folder: _below_blocks + SHARED_BLOCKS for folder in BLOCKS},
    "data": ("core", "io"),
    "metrics": ("core", "io"),
    **{folder: _below_algorithms + _algorithms for folder in ("factorization", "retrieval", "baselines")},
    "models": _below_models,
    **{folder: _below_models + ("models",) + _top for folder in _top},
}

# Single headers that more folders may include, where their own layer says no.
ALSO = {
    # The one place that knows where each version of xtensor keeps its headers.
    "longshore/interop/xtensor.hpp": ("data", "metrics", "io", "baselines", "training"),
}

# ---- which folders may include which library: the first pattern that matches the include decides
ANYWHERE = None
LIBRARIES = (
    (r"Kokkos_", "Kokkos", ANYWHERE),
    (r"Eigen/|unsupported/Eigen/", "Eigen", ("linalg", "interop", "factorization")),
    (r"xtensor/|xtl/|xsimd/", "xtensor", ("data", "metrics", "io", "interop", "baselines", "training")),
    (r"nlohmann/", "nlohmann-json", ("io",)),
    (r"zlib\.h", "zlib", ("io",)),
    (r"xxhash\.h", "xxHash", ("io",)),
    (r"cublas|cuda|cub/", "CUDA", ("linalg", "kernels")),
    (r"cblas\.h|lapacke\.h", "BLAS", ("linalg",)),
    (r"mpi\.h", "MPI", ("distributed",)),
    (r"sys/mman\.h", "POSIX memory", ("core",)),
    (r"(unistd|fcntl|sys/\w+)\.h", "POSIX", ("io",)),
    (r"\w*intrin\.h", "processor intrinsics", ("core", "linalg", "kernels")),
    (r"[a-z_0-9]+$", "the standard library", ANYWHERE),
)
IO_LIBRARIES = ("nlohmann-json", "zlib", "xxHash")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def without_comments(text):
    """C++ without comments and `#if 0`; line numbers stay."""
    def blank(match):
        return match.group(0) if match.group(0)[0] in "\"'R" else "\n" * match.group(0).count("\n")
    text = re.sub(r'\bR"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', blank, text,
                  flags=re.DOTALL)
    return re.sub(r"^[ \t]*#[ \t]*if[ \t]+(?:0|false)\b.*?^[ \t]*#[ \t]*(?:endif|else)\b", blank, text, flags=re.DOTALL | re.MULTILINE)


class TestCase:
    """A case of doctest that runs: its name, its text, its body without comments and what strings hold, whether an #if holds it."""

    def __init__(self, name, text, in_directive=False):
        self.name = name
        self.text = text  # without comments
        self.body = re.sub(r'"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'', '""', text)
        self.in_directive = in_directive

    def calls(self, pattern):
        """For each call that matches what stands before the blocks around it, and last before it in its own statement.

        A call that an #if or an earlier `return` of the case may leave out is not among them.
        """
        if self.in_directive:
            return
        leaves = self.first_return()
        for match in re.finditer(pattern, self.body):
            if match.start() > leaves or directives_open(self.body[:match.start()]):
                continue
            yield enclosing(self.body, match.start())

    def first_return(self):
        """Where the case itself may end before its end: a `return` that is not a lambda's."""
        for match in re.finditer(r"\breturn\b", self.body):
            if not any(is_function(head) for head in enclosing(self.body, match.start())[:-1]):
                return match.start()
        return len(self.body)


def is_function(head):
    """Whether what stands before a brace opens the body of a function or a lambda."""
    control = re.match(r"(?:if|else|for|while|do|switch|try|catch)\b", head)
    if control and head.count("(") == head.count(")"):
        return False
    return bool(re.search(r"(?:\)|\])\s*(?:const|noexcept|mutable|->[^()]*|\s)*$", head))


def directives_open(text):
    """How many #if of a text have no #endif yet."""
    return (len(re.findall(r"^[ \t]*#[ \t]*if", text, re.MULTILINE)) -
            len(re.findall(r"^[ \t]*#[ \t]*endif\b", text, re.MULTILINE)))


def enclosing(body, at):
    """What stands before each open brace around a place in a body, outermost first, and last before the place itself."""
    stack = [[0, 0]]  # where the statement begins, and how many parentheses are open in it
    heads = []
    for i in range(1, at):
        letter = body[i]
        if letter == "{":
            heads.append(body[stack[-1][0] + 1:i].strip())
            stack.append([i, 0])
        elif letter == "}":
            stack.pop()
            heads.pop()
            if stack[-1][1] == 0:
                stack[-1][0] = i
        elif letter in "()":
            stack[-1][1] += 1 if letter == "(" else -1
        elif letter == ";" and stack[-1][1] == 0:
            stack[-1][0] = i
    return heads + [body[stack[-1][0] + 1:at].strip()]


def test_cases(text):
    """The cases of a test file; those in comments, and those that doctest skips or lets fail, are none."""
    code = without_comments(text)
    for match in re.finditer(r'\bTEST_CASE\w*\(\s*"([^"]*)"', code):
        opening = code.find("{", match.end())
        if opening < 0 or re.search(r"\bdoctest::(?:skip|may_fail|should_fail|expected_failures)\b", code[match.end():opening]):
            continue
        text = code[opening:closing_brace(code, opening) + 1]
        yield TestCase(match.group(1), text, directives_open(code[:match.start()]) > 0)


def closing_brace(code, opening):
    """Where the brace at `opening` is closed; strings are looked over."""
    depth = 0
    for match in re.finditer(r'"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'|[{}]', code[opening:]):
        depth += {"{": 1, "}": -1}.get(match.group(0), 0)
        if depth == 0:
            return opening + match.start()
    return len(code) - 1


class Header:
    def __init__(self, path, name):
        self.path = path
        self.name = name  # as it is included: longshore/core/view.hpp
        self.text = path.read_text(encoding="utf-8")
        parts = name.split("/")
        self.folder = parts[1] if len(parts) > 2 else ""  # "" for the umbrella headers and version.hpp
        self.stem = path.stem

    def includes(self):
        """(line number, bracket, what is included) for every include."""
        for match in INCLUDE.finditer(self.text):
            yield self.text.count("\n", 0, match.start(2)) + 1, match.group(1), match.group(2)

    def code(self):
        """The text without comments; line numbers stay."""
        return without_comments(self.text)


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        include = self.root / "include"
        self.headers = [Header(path, path.relative_to(include).as_posix())
                        for path in sorted((include / "longshore").rglob("*.hpp"))]
        self.by_name = {header.name: header for header in self.headers}

    def relative(self, path):
        return pathlib.Path(path).relative_to(self.root).as_posix()

    def reachable(self, header):
        """Every include that the header reaches, through the library's own headers, itself left out."""
        seen, todo = set(), [header]
        while todo:
            for _, _, included in todo.pop().includes():
                if included not in seen:
                    seen.add(included)
                    if included in self.by_name:
                        todo.append(self.by_name[included])
        return seen


def library_of(include):
    """(name, folders that may include it) of a library, or (None, None) for an unknown one."""
    for pattern, name, folders in LIBRARIES:
        if re.match(pattern, include):
            return name, folders
    return None, None


def run(check, describe):
    """The main of a check: prints its complaints; status 1 if there are any."""
    parser = argparse.ArgumentParser(description=describe)
    parser.add_argument("root", help="the folder of the repository")
    tree = Tree(parser.parse_args().root)
    complaints = list(check(tree))
    for complaint in complaints:
        print(complaint)
    if not tree.headers:
        sys.exit("no header found: is this the repository?")
    print(f"{len(tree.headers)} headers looked at, {len(complaints)} complaints")
    sys.exit(1 if complaints else 0)
