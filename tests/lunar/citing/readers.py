"""Small strict readers of BibTeX and RIS, which refuse what the formats do not allow."""

import re

TAG = re.compile(r"([A-Z][A-Z0-9])  - (.*)")
FIELD = re.compile(r"\s*([a-z]+) = \{", re.ASCII)
ENTRY = re.compile(r"\s*@([a-z]+)\{([^\s{},%#\\\"]+),")


def read_bibtex(text):
    """Return [(type, key, {field: value})] of the entries of a BibTeX file."""
    entries, place = [], 0
    while text[place:].strip():
        start = ENTRY.match(text, place)
        assert start, text[place : place + 60]
        place, fields = start.end(), {}
        while found := FIELD.match(text, place):
            end = _closing(text, found.end())
            assert found[1] not in fields
            fields[found[1]] = text[found.end() : end]
            assert text[end + 1] == ","
            place = end + 2
        rest = text[place:].lstrip()
        assert rest.startswith("}"), rest[:60]
        place = len(text) - len(rest) + 1
        entries.append((start[1], start[2], fields))
    return entries


def _closing(text, place):
    """Return where the brace that is open at `place` is closed, as BibTeX counts them."""
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        place += 1
    return place - 1


def typeset(value):
    """Return what TeX prints for a value; fail on a sign that it takes for an order."""
    assert not re.search(r"(?<!\\)[#$%&_~^]", value), value
    for command, sign in [
        ("braceleft", "{"),
        ("braceright", "}"),
        ("asciitilde", "~"),
        ("asciicircum", "^"),
    ]:
        value = value.replace(rf"\text{command}{{}}", f"\0{ord(sign)};")
    value = re.sub(r"\\([#$%&_])", r"\1", value).replace("{}", "")
    value = value.replace("{", "").replace("}", "").replace(r"\textbackslash", "\\")
    return re.sub("\0([0-9]+);", lambda found: chr(int(found[1])), value)


def read_ris(text):
    """Return [{tag: [values]}] of the references of an RIS file."""
    references, current = [], None
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert not any("\n" in line or "\r" in line for line in lines)
    for line in lines:
        if current is None and not line:
            continue
        found = TAG.fullmatch(line)
        assert found, line
        tag, value = found.groups()
        if current is None:
            assert tag == "TY"
            current = {}
        if tag == "ER":
            assert value == ""
            references.append(current)
            current = None
        else:
            assert value.strip(), line
            current.setdefault(tag, []).append(value)
    assert current is None
    return references
