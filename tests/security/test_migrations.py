"""Migrations go back and forward on a database with a record in it, and lose nothing on the way.

On a database of its own, in a process of its own: that of the tests is in use.
"""

import re

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from tests.installation import installation, start_python

OWN = re.compile(r"(lunar|missions|diplomacy)\b")
LABELS = [
    config.label
    for config in apps.get_app_configs()
    if config.models_module and OWN.match(config.name)
]
# Loads a small record; then prints a line for each step that went back and forward again.
PROGRAM = """
import sys
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from lunar.search.models import Entry
from tests.world import make_world

def migrate(*to):
    call_command("migrate", *to, verbosity=0)

def rows():
    return {{
        model: sorted(map(repr, model._base_manager.values_list()))
        for label in {content} for model in apps.get_app_config(label).get_models()
    }} | {{"found as": sorted(Entry.objects.values_list("pk", "squeezed_name", "fingerprint"))}}

migrate()
make_world()
before = rows()
assert sum(map(len, before.values())) > 100
for label, first in {steps}:
    migrate(label, first)
    migrate()
    assert rows() == before, label
    connection.check_constraints()
    print(label, "to", first, flush=True)
"""
CONTENT = ["sources", "parties", "missions", "diplomacy"]


def first_steps():
    """Return [(app, its first migration)] of the apps that have more than one."""
    loader = MigrationLoader(None)
    loader.build_graph()
    firsts = [(label, loader.graph.root_nodes(label)[0][1]) for label in LABELS]
    lasts = {label: loader.graph.leaf_nodes(label)[0][1] for label in LABELS}
    return [(label, first) for label, first in firsts if lasts[label] != first]


def test_migrations_go_back_and_forward_on_a_loaded_database(tmp_path):
    steps = first_steps()
    program = PROGRAM.format(content=CONTENT, steps=steps)
    with installation(tmp_path) as environment:
        process = start_python(environment, "-c", program)
        printed, _ = process.communicate(timeout=300)

    done = printed.splitlines()
    assert process.returncode == 0, done
    assert done == [f"{a} to {b}" for a, b in steps]
    assert len(steps) >= 4
