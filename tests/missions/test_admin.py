import pytest
from django.urls import reverse

from missions.models import Mission
from tests.factories import (
    make_crew_member,
    make_figure,
    make_landing,
    make_mission,
    make_programme,
    make_sample_return,
    make_spacecraft,
)
from tests.webforms import add_row, form_fields


def change_page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def errors_of_inline(response, prefix):
    [formset] = [
        inline.formset
        for inline in response.context["inline_admin_formsets"]
        if inline.formset.prefix == prefix
    ]
    return formset.errors


def test_parts_are_numbered_as_they_are_added(editor_client):
    mission = make_mission()
    page = change_page(mission)
    fields = form_fields(editor_client.get(page))
    add_row(fields, "spacecraft", name="Chang'e 4", role="lander")
    add_row(fields, "spacecraft", name="Yutu-2", native_name="玉兔二号", role="rover")
    add_row(fields, "events", kind="landing", date="2019-01-03", title="Landed", is_first="on")
    add_row(fields, "sample_return", mass_g="1935.3", side="far")

    assert editor_client.post(page, fields).status_code == 302

    assert [(craft.number, craft.name) for craft in mission.spacecraft.all()] == [
        (1, "Chang'e 4"),
        (2, "Yutu-2"),
    ]
    assert mission.events.get().is_first
    assert mission.sample_return.side == "far"


def test_a_mission_is_found_by_its_craft(editor_client):
    craft = make_spacecraft(name="Yutu-2", native_name="玉兔二号")
    make_mission()

    for words in ("yutu 2", "玉兔"):
        listed = editor_client.get(reverse("admin:missions_mission_changelist"), {"q": words})
        assert list(listed.context["cl"].result_list) == [craft.mission]


def test_a_landing_needs_both_coordinates_or_neither(editor_client):
    landing = make_landing()
    page = change_page(landing.mission)
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(page, fields | {"landings-0-longitude": ""})

    [errors] = errors_of_inline(response, "landings")
    assert errors["__all__"] == [
        "Give both latitude (−90 to 90) and longitude (−180 to 180), or neither."
    ]


def test_a_landing_offers_only_the_craft_of_its_mission(editor_client):
    landing = make_landing()
    own, foreign = make_spacecraft(landing.mission, name="Own craft"), make_spacecraft()
    for page, prefix in ((change_page(landing.mission), "landings-0-"), (change_page(landing), "")):
        response = editor_client.get(page)
        fields = form_fields(response)
        assert f'<option value="{own.pk}">Own craft</option>' in response.content.decode()

        editor_client.post(page, fields | {f"{prefix}spacecraft": foreign.pk})
        landing.refresh_from_db()
        assert landing.spacecraft is None

        editor_client.post(page, fields | {f"{prefix}spacecraft": own.pk})
        landing.refresh_from_db()
        assert landing.spacecraft == own
        landing.spacecraft = None
        landing.save()


def test_the_side_follows_from_the_longitude(editor_client):
    landing = make_landing(latitude="-45.5", longitude="177.6")

    response = editor_client.get(change_page(landing))

    assert "Far side" in response.content.decode() or ">far<" in response.content.decode()
    assert "side" not in form_fields(response)


def test_a_person_flies_once_on_a_mission(editor_client):
    member = make_crew_member()
    page = change_page(member.mission)
    fields = form_fields(editor_client.get(page))
    add_row(fields, "crew", person=member.person.pk, role="Pilot", position="2")

    response = editor_client.post(page, fields)

    assert response.status_code == 200
    assert member.mission.crew.count() == 1


def test_a_programme_with_missions_cannot_be_deleted(editor_client):
    programme = make_programme(name="Chang'e", state="draft")
    make_mission(programme=programme)

    response = editor_client.post(
        reverse("admin:missions_programme_delete", args=[programme.pk]),
        {"post": "yes", "change_reason": "Wrong."},
    )

    assert response.status_code == 200
    assert b"protected" in response.content
    assert Mission.objects.get().programme == programme


def test_parts_are_shown_with_their_number_and_without_their_forms_open(editor_client):
    landing = make_landing()
    make_landing(landing.mission)

    content = editor_client.get(change_page(landing.mission)).content.decode()

    assert "Landings (2)" in content
    assert content.count("<details><summary>") >= 4


@pytest.mark.parametrize("mass", ["0", "-1"])
def test_no_mass_is_left_empty_instead_of_zero(editor_client, mass):
    sample = make_sample_return()
    page = change_page(sample.mission)
    fields = form_fields(editor_client.get(page))

    response = editor_client.post(page, fields | {"sample_return-0-mass_g": mass})

    [errors] = errors_of_inline(response, "sample_return")
    assert errors["__all__"] == ["Leave the mass empty instead of zero."]


def test_a_figure_shows_what_is_computed(editor_client):
    make_sample_return(mass_g="1935.3")

    response = editor_client.get(change_page(make_figure()))

    assert "1935.3" in response.content.decode()
    assert "value" not in form_fields(response)
