# SPDX-License-Identifier: Apache-2.0
"""P17: no object file that includes the library defines a strong symbol of it or a mutable object.

    symbols.py ROOT FOLDER      looks at every object file below FOLDER with nm (those of single headers hold nothing new)

Functions must be weak (inline or templates). Objects must lie in memory that is read-only once the program runs; those that
are set before main, such as labels, must be declared const in a class or a namespace of the headers.
"""
import pathlib
import re
import subprocess
import sys

from tree import Tree

STRONG = set("TDBRGSC")  # external definitions that would clash, or be one per process
OBJECTS = set("DBRGSVuvdbrC")  # data, wherever it lies
CONSTANT = re.compile(r"\.(rodata|data\.rel\.ro|gcc_except_table|eh_frame)\b")  # sections that nobody writes to
# Mangled names of the library's own: functions and objects, statics of its functions (Z), their guards, tables and types.
# Names tell more than demangled text, where a template's return type comes first.
OWN = re.compile(r"_Z(G[VR]|T[A-Za-z])?Z*N[VKrRO]*9longshore")
LOCAL = re.compile(r"_Z(G[VR])?Z")


def without_arguments(text):
    """Without <...>, however deep."""
    depth, kept = 0, []
    for letter in text:
        depth += (letter == "<") - (letter == ">" and depth > 0)
        if depth == 0 and letter != ">":
            kept.append(letter)
    return "".join(kept)


def constant_of(declaration):
    """The name of the object that a declaration makes const, or None: const char* p is a pointer that may change."""
    words = without_arguments(re.split(r"(?<![=<>!])=(?!=)", declaration)[0]).strip()
    name = re.search(r"(\w+)\s*(?:\[[^]]*\]\s*)*$", words)
    if name is None or "(" in words or not re.match(r"(?:static|inline|const|constexpr|thread_local)\b", words):
        return None
    last_pointer = words.rfind("*") + 1
    fixed = re.search(r"\bconstexpr\b", words) or re.search(r"\bconst\b", words[last_pointer:name.start()])
    return name.group(1) if fixed and "thread_local" not in words else None


def scope_of(head):
    """What a brace after `head` opens: the names of a namespace or a class, or None for anything else."""
    head = re.sub(r"\balignas\s*\([^)]*\)|\[\[.*?\]\]", " ", without_arguments(head))
    head = re.sub(r"\btemplate\b|\b(?:public|private|protected)\s*:", " ", head).strip()
    if match := re.match(r"(?:inline\s+)?namespace\b([\w\s:]*)$", head):
        return [word for word in re.findall(r"\w+", match.group(1)) if word not in ("longshore", "inline", "LONGSHORE_ABI")]
    match = re.match(r"(?:requires\b.*\s)?(?:struct|class|union)\s+(\w+)[^()=]*$", head, re.DOTALL)
    return [match.group(1)] if match else None


def constants(tree):
    """Objects that the headers declare const in a class or a namespace, with those before their names: Gemm::label."""
    found = set()
    for header in tree.headers:
        code = re.sub(r'"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'', '""', header.code())
        code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", code, flags=re.MULTILINE)
        scopes, head = [], ""  # a scope is None inside a function or an initialiser
        for piece in re.findall(r"[{};]|[^{};]+", code):
            if piece not in "{};":
                head += piece
                continue
            inside = None not in scopes
            if inside and piece != "}" and (name := constant_of(re.sub(r"\b(?:public|private|protected)\s*:", "", head))):
                found.add("::".join([word for names in scopes for word in names] + [name]))
            if piece == "{":
                scopes.append(scope_of(head) if inside else None)
            elif piece == "}" and scopes:
                scopes.pop()
            head = ""
    return found


def qualified(name):
    """A demangled name as `constants` gives it: longshore::v0_1::Gemm<float>::label[abi:cxx11] is Gemm::label."""
    name = re.sub(r"^(?:guard variable|reference temporary #\d+) for ", "", name)
    words = without_arguments(re.sub(r"\[abi:\w+\]", "", name)).split("::")
    return "::".join(word for word in words if word != "longshore" and not re.fullmatch(r"v\d\w*", word))


def demangled(names):
    text = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True).stdout
    return dict(zip(names, text.split("\n")))


def complaints(symbols, allowed):
    own = [symbol for symbol in symbols if OWN.match(symbol[3])]
    texts = demangled(sorted({name for _, _, _, name in own}))
    for where, kind, section, name in own:
        if kind in STRONG:
            yield f"{where}: strong definition of {texts[name]}: make it inline or a template"
        elif kind in OBJECTS and not CONSTANT.match(section):
            if LOCAL.match(name):
                yield (f"{where}: mutable object {texts[name]}: nothing mutable has static storage, and constants that are set "
                       "when the program runs stand in a class or a namespace")
            elif qualified(texts[name]) not in allowed:
                yield f"{where}: mutable object {texts[name]}: nothing mutable has static storage"


def symbols_of(path):
    """(file, kind, section, mangled name) of every symbol that an object file defines."""
    output = subprocess.run(["nm", "--defined-only", "--format=sysv", path], capture_output=True, text=True, check=True).stdout
    for line in output.split("\n"):
        columns = [column.strip() for column in line.split("|")]
        if len(columns) == 7 and columns[0] != "Name":
            yield path.name, columns[2], columns[6], columns[0]


def main():
    tree = Tree(sys.argv[1])
    objects = sorted(path for path in pathlib.Path(sys.argv[2]).rglob("*.o") if "headers_alone" not in str(path))
    if not objects:
        sys.exit(f"no object file below {sys.argv[2]}")
    symbols = sorted({symbol for path in objects for symbol in symbols_of(path) if OWN.match(symbol[3])})
    if not symbols:
        sys.exit(f"no object file below {sys.argv[2]} has anything of the library: are its names still mangled so?")
    found = sorted(set(complaints(symbols, constants(tree))))
    print("\n".join(found))
    print(f"{len(objects)} object files looked at, {len(symbols)} symbols of the library, {len(found)} complaints")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
