"""Every address of the desk for every role and for strangers, asked for and sent to.

An address that is not in the matrix fails: whoever adds one says here who may use it.
"""

import re

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from lunar.desk.admin import EditorAdmin
from lunar.desk.history import Way, recording
from lunar.desk.models import SecondFactorRule, Suggestion
from lunar.sources.models import Source
from missions.models import Landing, LandingCitation, Mission, MissionType
from tests import factories as make
from tests.factories import make_user

pytestmark = pytest.mark.django_db

C, E, R, A = "Contributor", "Editor", "Reviewer", "Administrator"
ALL, WRITERS, EDITORS, NOBODY = {C, E, R, A}, {C, E, R}, {E, R}, set()
STRANGERS = ["nobody", "anonymous"]  # logged in without a role; not logged in
KINDS = {"record": Mission, "part": Landing, "citation": LandingCitation, "source": Source}
KINDS |= {"vocabulary": MissionType}

# {kind of row and name of the page: (who may ask for it, who may send to it)}. “draft” and “public”
# tell rows of a draft from rows of what is public.
ROWS = {
    "changelist": (ALL, ALL),
    "export": (ALL, ALL),
    "export_file": (ALL, ALL),
    "import": (EDITORS, EDITORS),
    "add": (WRITERS, WRITERS),
    "add vocabulary": (EDITORS, EDITORS),
    "history": (ALL, ALL),
    "change draft": (ALL, WRITERS),
    "change public": (ALL, EDITORS),
    "change source": (ALL, WRITERS),  # nothing public rests on this one
    "change vocabulary": (ALL, EDITORS),
    "delete draft": (WRITERS, WRITERS),
    "delete public": (EDITORS, EDITORS),
    "delete draft record": ({R}, {R}),
    "delete public record": (NOBODY, NOBODY),
    "delete source": ({R}, {R}),
    "delete vocabulary": ({R}, {R}),
    "preview": (ALL, ALL),
    "merge": ({R}, {R}),
    "revert": ({R}, {R}),
    "deleted": (ALL, ALL),
    "deleted_history": (ALL, ALL),
    "restore": ({R}, {R}),
}
SITE = {
    "index": (ALL, ALL),
    "app_list": (ALL, ALL),
    "account": (ALL, ALL),
    "autocomplete": (ALL, ALL),
    "checks": (ALL, EDITORS),
    "jsi18n": (ALL, ALL),
    "password_change": (ALL, ALL),
    "password_change_done": (ALL, ALL),
    "view_on_site": (ALL, ALL),
    "second-factor": (ALL, ALL),
    "second-factor-set-up": (ALL, ALL),
    "second-factor-remove": (ALL, ALL),
    "desk_suggestion_changelist": (ALL, ALL),
    "desk_suggestion_add": (NOBODY, NOBODY),
    "desk_suggestion_change": (ALL, {R}),
    "desk_suggestion_delete": (NOBODY, NOBODY),
    "desk_suggestion_history": (ALL, ALL),
    "auth_user_changelist": ({A}, {A}),
    "auth_user_add": ({A}, {A}),
    "auth_user_change": ({A}, {A}),
    "auth_user_delete": ({A}, {A}),
    "auth_user_history": ({A}, {A}),
    "auth_user_password_change": ({A}, {A}),
    "auth_group_changelist": ({A}, {A}),
    "auth_group_add": (NOBODY, NOBODY),
    "auth_group_change": ({A}, NOBODY),
    "auth_group_delete": (NOBODY, NOBODY),
    "auth_group_history": ({A}, {A}),
    "desk_secondfactorrule_changelist": ({A}, {A}),
    "desk_secondfactorrule_add": ({A}, {A}),
    "desk_secondfactorrule_change": ({A}, NOBODY),
    "desk_secondfactorrule_delete": ({A}, {A}),
    "desk_secondfactorrule_history": ({A}, {A}),
    "axes_accesslog_changelist": ({A}, {A}),
    "axes_accesslog_add": (NOBODY, NOBODY),
    "axes_accesslog_change": ({A}, NOBODY),
    "axes_accesslog_delete": (NOBODY, NOBODY),
    "axes_accesslog_history": ({A}, {A}),
    "axes_accessattempt_changelist": ({A}, {A}),
    "axes_accessattempt_add": (NOBODY, NOBODY),
    "axes_accessattempt_change": ({A}, NOBODY),
    "axes_accessattempt_delete": ({A}, {A}),
    "axes_accessattempt_history": ({A}, {A}),
    "axes_accessfailurelog_changelist": (NOBODY, NOBODY),
    "axes_accessfailurelog_add": (NOBODY, NOBODY),
    "axes_accessfailurelog_change": (NOBODY, NOBODY),
    "axes_accessfailurelog_delete": (NOBODY, NOBODY),
    "axes_accessfailurelog_history": (NOBODY, NOBODY),
}
EVERYBODY = {"login", "logout"}  # for those who are not logged in, or want to be no more
EDITED = ("sources", "parties", "missions", "diplomacy")


def addresses_of_the_desk(patterns=None, prefix=""):
    """Yield (name, pattern) of every address under /admin/."""
    for pattern in patterns or get_resolver().url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses_of_the_desk(pattern.url_patterns, path)
        elif path.startswith("admin/"):
            yield pattern.name, path


def page_of_rows(name):
    """Return "change" for "missions_mission_change"; None for a page of something else."""
    found = re.fullmatch(rf"(?:{'|'.join(EDITED)})_[a-z]+?_([a-z_]+)", name)
    return found and found[1]


def test_every_address_is_in_the_matrix():
    names = {name for name, path in addresses_of_the_desk() if name}
    of_rows = {page_of_rows(name) for name in names} - {None}
    of_the_site = {name for name in names if not page_of_rows(name)}

    assert of_rows == {name.split()[0] for name in ROWS}
    assert of_the_site == {*SITE, *EVERYBODY}
    nameless = {path for name, path in addresses_of_the_desk() if not name}
    assert all(path.endswith("<path:object_id>/") for path in nameless - {"admin/(?P<url>.*)$"})


def test_every_list_of_the_record_obeys_the_same_rules():
    rules = [f"has_{what}_permission" for what in ("view", "add", "change", "delete", "module")]
    for model, page in admin.site._registry.items():
        if model._meta.app_label not in EDITED:
            continue
        assert isinstance(page, EditorAdmin)
        for rule in rules:
            assert getattr(type(page), rule) is getattr(EditorAdmin, rule), (model, rule)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_rows()
        transaction.set_rollback(True)


def make_rows():
    """Return {kind and publicity: row}, with a deleted draft and a suggestion besides."""
    rows = {}
    for publicity, state in (("draft", "draft"), ("public", "published")):
        mission = make.make_mission(state=state)
        landing = make.make_landing(mission)
        rows |= {("record", publicity): mission, ("part", publicity): landing}
        rows["citation", publicity] = make.cite(landing, "date")
    rows["source", ""] = make.make_source()
    rows["vocabulary", ""] = make.make_mission_type()
    with recording(None, "Changed.", Way.COMMAND):
        for publicity in ("draft", "public"):
            rows["record", publicity].aim = "To bring back soil."
            rows["record", publicity].save()
    gone = make.make_mission(slug="gone", state="draft")
    with recording(None, "Twice.", Way.COMMAND):
        gone.delete()
    rows["suggestion", ""] = Suggestion.objects.create(
        label="missions.mission",
        key=rows["record", "public"].slug,
        title="A mission",
        seen=1,
        source="A book.",
        token_digest="0" * 64,
    )
    AccessAttempt.objects.create(pk=1, failures_since_start=1)
    AccessFailureLog.objects.create(pk=1)
    AccessLog.objects.create(pk=1)
    rows["user", ""] = make_user()
    group = Group.objects.get_or_create(name="Contributor")[0]
    rows["group", ""] = group
    rows["rule", ""] = SecondFactorRule.objects.create(
        group=Group.objects.create(name="A role that nobody has")
    )
    return rows


def cases(rows):
    """Yield (address, who may ask for it, who may send to it), for every row of the matrix."""
    for (kind, publicity), row in rows.items():
        if kind not in KINDS:
            continue
        opts = row._meta
        for page in {name.split()[0] for name in ROWS}:
            address = _address(f"{opts.app_label}_{opts.model_name}_{page}", page, row)
            if address:
                keys = (f"{page} {publicity} {kind}", f"{page} {kind}", f"{page} {publicity}", page)
                named = next(key for key in map(str.strip, keys) if key in ROWS)
                if page == "preview" and publicity == "public":
                    continue  # leads to the public page
                yield address, *ROWS[named]
    for name, who in SITE.items():
        yield _site_address(name, rows), *who


def _address(name, page, row):
    arguments = {
        "changelist": [],
        "add": [],
        "export": [],
        "import": [],
        "deleted": [],
        "export_file": ["csv"],
        "deleted_history": ["gone"],
        "restore": ["gone", 1],
        "revert": [row.pk, 1],
    }
    try:
        return reverse(f"admin:{name}", args=arguments.get(page, [row.pk]))
    except NoReverseMatch:  # this kind of row has no such page
        return None


def _site_address(name, rows):
    model = {"desk_suggestion": "suggestion", "auth_user": "user", "auth_group": "group"}
    model |= {"desk_secondfactorrule": "rule"}
    stem = next((one for one in model if name.startswith(f"{one}_")), None)
    arguments = []
    if name == "app_list":
        arguments = ["missions"]
    elif name == "view_on_site":
        arguments = [ContentType.objects.get_for_model(Mission).pk, rows["record", "public"].pk]
    elif re.search("_(change|delete|history|password_change)$", name) and name != "password_change":
        arguments = [rows[model[stem], ""].pk if stem else 1]
    address = reverse(f"admin:{name}", args=arguments)
    if name == "autocomplete":
        address += "?term=a&app_label=missions&model_name=mission&field_name=programme"
    return address


def is_let_in(response):
    """Return whether an answer is neither a refusal nor the way to the login."""
    assert response.status_code < 500, response.request["PATH_INFO"]
    if response.status_code in (301, 302):
        return not response["Location"].startswith("/admin/login/")
    return response.status_code != 403


@pytest.mark.parametrize("role", [C, E, R, A, *STRANGERS])
def test_who_gets_in(world, role):
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(make_user(*([role] if role in ALL else [])))
    wrong = []
    for address, asking, sending in cases(world):
        for method, who in (("get", asking), ("post", sending)):
            with transaction.atomic():
                response = getattr(client, method)(address)
                transaction.set_rollback(True)
            if is_let_in(response) != (role in who):
                wrong.append(f"{method} {address}: {response.status_code}")

    assert not wrong, "\n".join(wrong)
