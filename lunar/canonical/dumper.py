"""The database as fixtures: the same record always gives the same bytes."""

import json
import os
import tempfile
from pathlib import Path

from lunar.canonical.isolation import one_state
from lunar.canonical.rows import stored_rows
from lunar.canonical.shapes import shapes

WIDTH = 100  # a longer list takes a line for each item


def dump(directory):
    """Write each fixture that differs from the database; return the names of those files."""
    directory = Path(directory)
    contents = fixtures()
    names = differences(directory, contents)
    directory.mkdir(parents=True, exist_ok=True)
    for name in names:
        _replace(directory / name, contents[name])
    return names


def differences(directory, contents=None):
    """Return the names of the files in `directory` that differ from the database."""
    directory, contents = Path(directory), contents or fixtures()
    return [name for name, content in contents.items() if _read(directory / name) != content]


def fixtures():
    """Return the canonical fixtures of the whole database, as {file name: bytes}."""
    with one_state():
        tables = stored_rows()
    return {shape.file: render(tables[model].values()) for model, shape in shapes().items()}


def render(rows):
    """Return the bytes of a fixture with these rows, one line for each field."""
    blocks = [
        f' {{\n  "model": "{row.shape.label}",\n  "fields": {{\n'
        + ",\n".join(f"   {_json(name)}: {_value(value)}" for name, value in row.fields.items())
        + "\n  }\n }"
        for row in rows
    ]
    text = "[\n" + ",\n".join(blocks) + "\n]\n" if blocks else "[]\n"
    return text.encode()


def _value(value):
    text = _json(value)
    if isinstance(value, list) and len(text) > WIDTH:
        text = "[\n" + ",\n".join(f"    {_json(item)}" for item in value) + "\n   ]"
    return text


def _json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _read(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _replace(path, content):
    """Write the whole file or nothing: whoever reads it meanwhile sees the old or the new one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
