"""A merge or a revert that is killed at any moment happened as a whole or not at all."""

import os
import random

import pytest

from tests.installation import Job, database, empty_installation, wrong_in
from tests.servers import answer_of

KILLS = int(os.environ.get("LUNAR_KILLS", 2))  # more for a night
ROWS = 30
SET_UP = """
import django, sys
django.setup()
from lunar.desk.adoption import adopt
from lunar.desk.history import Way, recording
from tests.factories import make_organization, make_transfer
with recording(None, "Added.", Way.COMMAND):
    kept = make_organization(slug="kept")
    for number in range(int(sys.argv[1])):
        make_transfer(slug=f"t-{number}", giver_organization=kept)
adopt("Sources and countries.")
print("null")
"""
# The duplicate is made before the word that it begins, and named by every transfer.
MERGE = """
import django, sys
django.setup()
from uuid import uuid4
from diplomacy.models import Transfer
from lunar.desk.history import Way, recording, revision_number
from lunar.desk.merging import Merger
from lunar.parties.models import Organization
kept = Organization.objects.get(slug="kept")
with recording(None, "Added again.", Way.COMMAND):
    duplicate = Organization.objects.create(
        slug=f"duplicate-{uuid4().hex}", name="Duplicate", kind=kept.kind, state=kept.state
    )
    for transfer in Transfer.objects.order_by("slug"):
        transfer.giver_organization = duplicate
        transfer.save()
seen = revision_number(duplicate), revision_number(kept)
print("begun", flush=True)
Merger.of(duplicate, kept).carry_out(None, "The same.", seen)
print("done", flush=True)
"""
# A transfer whose thirty acts are gone gets them back.
REVERT = """
import django, sys
django.setup()
from diplomacy.models import Act, Transfer
from lunar.desk.history import Way, recording, revision_number
from lunar.desk.models import Revision
from lunar.desk.reverting import revert
transfer = Transfer.objects.get(slug="t-0")
with recording(None, "With acts.", Way.COMMAND):
    transfer.acts.all().delete()
    for number in range(1, 31):
        Act.objects.create(transfer=transfer, kind=Act.Kind.MOVED, number=number, place="Here")
target = Revision.objects.of(transfer).first()
with recording(None, "Without.", Way.COMMAND):
    transfer.acts.all().delete()
print("begun", flush=True)
revert(target, None, "Back.", revision_number(transfer))
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    with empty_installation(tmp_path_factory.mktemp("data")) as environment:
        assert answer_of(environment, SET_UP, ROWS) is None
        yield environment


def counts(environment, *tables):
    with database(environment) as there:
        return [there.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608


def killed(environment, program):
    """Run a program to its end, then again and again until it is killed; yield after each."""
    job = Job(environment, program, "", ("begun", "done"))
    lasts = job.run()
    yield
    chance = random.Random(20250210)  # noqa: S311
    for _ in range(KILLS):
        job.kill_after(chance.uniform(0, 1.2 * lasts))
        yield
    assert wrong_in(environment) == []


def test_a_killed_merge_leaves_two_records_or_one(environment):
    merges = 0
    for turn, _ in enumerate(killed(environment, MERGE), start=1):
        kept, left_addresses, organizations, revisions = counts(
            environment,
            "diplomacy_transfer t JOIN parties_organization o ON o.id = t.giver_organization_id "
            "WHERE o.slug = 'kept'",
            "desk_formeraddress",
            "parties_organization",
            "desk_revision WHERE way = 'merge' AND label = 'diplomacy.transfer'",
        )
        assert left_addresses in {merges, merges + 1}
        assert kept == (ROWS if left_addresses > merges else 0)
        merges = left_addresses
        assert organizations == 1 + turn - merges
        assert revisions == ROWS * merges
    assert merges >= 1


def test_a_killed_revert_leaves_what_was_or_what_was_before(environment):
    reverts = 0
    for _ in killed(environment, REVERT):
        acts, revisions = counts(environment, "diplomacy_act", "desk_revision WHERE way = 'revert'")
        assert revisions in {reverts, reverts + 1}
        assert acts == (ROWS if revisions > reverts else 0)
        reverts = revisions
    assert reverts >= 1
