"""Who may do what: every role against every action of the desk."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from lunar.desk import roles
from lunar.desk.history import Way, recording
from lunar.sources.models import Exclusion, Source
from missions.models import Mission, MissionType
from tests.factories import cite, make_act, make_mission, make_source, make_transfer, make_user

pytestmark = pytest.mark.django_db

C, E, R, A = "Contributor", "Editor", "Reviewer", "Administrator"
ALL, NOBODY = {C, E, R, A}, set()
STATES = ["draft", "in_review", "published", "withdrawn"]


def those_who(may):
    """Return the roles for whose users `may(user)` holds."""
    return {role for role in roles.DESK_PERMISSIONS if may(make_user(role))}


def test_the_groups_of_the_migration_are_those_of_the_roles():
    made = {
        group.name: {
            permission.codename
            for permission in group.permissions.filter(content_type__app_label="desk")
        }
        for group in Group.objects.all()
    }
    assert made == {role: set(names) for role, names in roles.DESK_PERMISSIONS.items()}


def test_every_role_sees_everything():
    assert those_who(roles.may_see) == ALL


@pytest.mark.parametrize(
    ("model", "who"),
    [(Mission, {C, E, R}), (Source, {C, E, R}), (MissionType, {E, R}), (Exclusion, {E, R})],
)
def test_adding(model, who):
    assert those_who(lambda user: roles.may_add(user, model)) == who


@pytest.mark.parametrize(
    ("state", "who"),
    [("draft", {C, E, R}), ("in_review", {E, R}), ("published", {E, R}), ("withdrawn", {R})],
)
def test_changing_a_record_its_parts_and_its_evidence(state, who):
    transfer = make_transfer(state=state)
    act = make_act(transfer)
    for row in (transfer, act, cite(act), transfer.citations.get()):
        assert those_who(lambda user, row=row: roles.may_change(user, row)) == who


def test_changing_a_source():
    source, public = make_source(), make_source()
    cite(make_mission(), source=public)
    cite(make_mission(state="draft"), source=source)

    assert those_who(lambda user: roles.may_change(user, source)) == {C, E, R}
    assert those_who(lambda user: roles.may_change(user, public)) == {E, R}


MOVES = {
    ("draft", "in_review"): {E, R},
    ("in_review", "draft"): {E, R},
    ("draft", "published"): {R},
    ("in_review", "published"): {R},
    ("published", "withdrawn"): {R},
    ("withdrawn", "published"): {R},
    ("withdrawn", "draft"): {R},
}


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("state", STATES)
def test_moving_from_state_to_state(state, target):
    mission = make_mission(state=state)
    staying = {"draft": {C, E, R}, "withdrawn": {R}}.get(state, {E, R})
    who = staying if state == target else MOVES.get((state, target), NOBODY)

    assert those_who(lambda user: roles.may_move(user, mission, target)) == who


@pytest.mark.parametrize(
    ("state", "who"),
    [("draft", {R}), ("in_review", {R}), ("published", NOBODY), ("withdrawn", NOBODY)],
)
def test_deleting_a_record(state, who):
    mission = make_mission(state=state)
    assert those_who(lambda user: roles.may_delete(user, mission)) == who


def test_what_was_public_once_is_never_deleted():
    mission = make_mission()
    for state in ("withdrawn", "draft"):
        with recording(None, "Moved.", Way.COMMAND):
            mission.state = state
            mission.save()

    assert those_who(lambda user: roles.may_delete(user, mission)) == NOBODY


def test_deleting_parts_and_evidence_is_a_change_of_their_record():
    act = make_act(make_transfer(state="draft"))
    assert those_who(lambda user: roles.may_delete(user, act)) == {C, E, R}
    assert those_who(lambda user: roles.may_delete(user, make_act())) == {E, R}


@pytest.mark.parametrize("permission", ["publish", "withdraw", "revert", "merge", "answer"])
def test_what_only_reviewers_do(permission):
    assert those_who(lambda user: roles.may(user, permission)) == {R}


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}])
def test_a_role_is_nothing_without_an_open_account_at_the_desk(fields):
    assert not roles.may_see(make_user(R, **fields))
    assert not roles.may_see(AnonymousUser())


def test_a_superuser_may_do_all_but_delete_what_was_public():
    user = make_user(is_superuser=True)
    assert roles.may_change(user, make_mission(state="withdrawn"))
    assert roles.may(user, "publish")
    assert not roles.may_delete(user, make_mission())
