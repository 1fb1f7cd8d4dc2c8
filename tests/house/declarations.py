# SPDX-License-Identifier: Apache-2.0
"""What a header declares at namespace scope and in its types: kind, name, docstring, and the text of each."""
import re

OPENING = re.compile(r"namespace longshore::inline LONGSHORE_ABI \{\n")
SKIPPED = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*'  # directives
                     r'|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.DOTALL | re.MULTILINE)


ACCESS = re.compile(r"\s*(public|private|protected):")


class Declaration:
    def __init__(self, line, begin, doc, text, code, is_public=True):
        self.line = line
        self.begin = begin  # where its first word is in the text of its scope: the header, or the type that it is in
        self.doc = doc
        self.is_public = is_public
        self.text = text  # from the first word to the end of its body
        self.code = code  # the same without comments, strings and directives, letter by letter
        opening = code.find("{")
        self.head = re.sub(r"\s+", " ", code[:opening] if opening >= 0 else code).strip()
        self.kind, self.name = kind_and_name(self.head)

    def members(self):
        """The declarations inside of a struct or class."""
        opening = self.code.find("{")
        if self.kind not in ("struct", "class") or opening < 0:
            return
        yield from split(self.text, self.code, opening + 1, self.line, self.kind == "struct")


def declarations(header):
    """Everything that a header declares inside of the library's namespace."""
    code = SKIPPED.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), header.text)
    for opening in OPENING.finditer(header.text):
        yield from split(header.text, code, opening.end(), 1)


def split(text, code, start, first_line, is_public=True):
    """The declarations of one scope, which begins at `start` and ends with the brace that closes it."""
    while True:
        access = ACCESS.match(code, start)
        if access:
            is_public, start = access.group(1) == "public", access.end()
        end = end_of_declaration(code, start)
        if end is None:
            return
        begin = start + len(code[start:end]) - len(code[start:end].lstrip())
        if begin < end:
            doc = "\n".join(re.findall(r"^\s*///[ ]?(.*)$", docstring_before(text[start:begin]), re.MULTILINE))
            yield Declaration(first_line + text.count("\n", 0, begin), begin, doc, text[begin:end], code[begin:end], is_public)
        start = end


def docstring_before(text):
    """The last block of lines that belongs to what follows: nothing, if an empty line parts them."""
    return re.split(r"\n[ \t]*\n", text.rstrip(" \t"))[-1] if text.strip() else ""


def end_of_declaration(code, start):
    """Behind the semicolon or the closing brace of the declaration that begins at `start`; None at the scope's end."""
    braces = brackets = 0
    for at in range(start, len(code)):
        letter = code[at]
        if letter in "([":
            brackets += 1
        elif letter in ")]":
            brackets -= 1
        elif letter == "{":
            braces += 1
        elif letter == "}":
            if braces == 0:
                return None
            braces -= 1
            if braces == 0 and brackets == 0:
                rest = re.match(r"\s*([;,{.(|&])?", code[at + 1:at + 200])
                if rest.group(1) is None:
                    return at + 1
        elif letter == ";" and braces == 0 and brackets == 0:
            return at + 1
    return None


def without_template(head):
    """A declaration's head without `template <...>` and the `requires (...)` behind it."""
    while head.startswith("template"):
        head = head[closing(head, head.index("<"), "<>") + 1:].strip()
        while head.startswith("requires"):
            head = head[closing(head, head.index("("), "()") + 1:].strip() if head[8:].lstrip()[:1] == "(" else \
                re.sub(r"^requires[^<]*", "", head)
            if head.startswith("<"):
                head = head[closing(head, 0, "<>") + 1:].strip()
            head = re.sub(r"^(&&|\|\|)", "requires", head)
    return head


def closing(text, at, pair):
    depth = 0
    for end in range(at, len(text)):
        depth += (text[end] == pair[0]) - (text[end] == pair[1])
        if depth == 0:
            return end
    return len(text) - 1


def kind_and_name(head):
    head = re.sub(r"\[\[.*?\]\]", "", without_template(head)).strip()
    match = re.match(r"(enum|struct|class|union)\s+(?:class\s+)?(\w+)", head)
    if match:
        return match.group(1), match.group(2)
    match = re.match(r"concept\s+(\w+)", head)
    if match:
        return "concept", match.group(1)
    equal, match = head.find("="), re.search(r"(operator\s*\(\)|\w+)\s*\(", head)
    if match and (equal < 0 or match.start() < equal) and not head.startswith(("using", "static_assert")):
        return "function", match.group(1)
    match = re.search(r"(\w+)\s*(?:<[^=]*>)?\s*(?:=|;|$)", head)
    return "value", match.group(1) if match else head
