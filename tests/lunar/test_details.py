"""Record pages in general: withdrawn, as they stood on a day, and what leads on from them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from lunar.canonical.rows import rows_of
from lunar.desk.history import Way, make_found, recording, show_sources
from lunar.desk.models import Revision
from tests import factories as make
from tests.html import Page

pytestmark = pytest.mark.django_db

SECRET = "Unsayable"
MAKERS = {
    "mission": (make.make_mission, "name"),
    "programme": (make.make_programme, "name"),
    "transfer": (make.make_transfer, "title"),
    "agreement": (make.make_agreement, "name"),
    "practice": (make.make_practice, "name"),
    "country": (make.make_country, "name"),
    "organisation": (make.make_organization, "name"),
    "person": (make.make_person, "name"),
}


def change(record, reason="As the source says.", on=None, **values):
    """Save values of a record as one recorded change, of the day `on` ("2026-03-01") if given."""
    with recording(None, reason, Way.COMMAND) as made:
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    if on:
        keys = [revision.pk for revision in made.revisions]
        Revision.objects.filter(pk__in=keys).update(made_at=noon(on))


def begin(record, on):
    """Let the history of a record begin on a day, with the record as it is now."""
    rows = rows_of(record)
    Revision.objects.keep([make_found(type(record), rows[0].key[0], 1, rows, noon(on))])
    show_sources(rows)


def noon(day):
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


@pytest.fixture
def mission():
    """Launched on the 23rd, which was corrected to the 24th."""
    mission = make.make_mission(name="Chang'e 5", launch="2020-11-23")
    begin(mission, "2026-03-01")
    change(mission, on="2026-03-10", launch="2020-11-24")
    return mission


def get(client, record, as_of=None):
    page = Page(client.get(record.get_absolute_url(), {"as_of": as_of} if as_of else {}))
    assert page.problems == []
    return page


def robots(page):
    return [meta.get("content") for meta in page.all("meta") if meta.get("name") == "robots"]


def canonical(page):
    return [link.get("href") for link in page.all("link") if link.get("rel") == "canonical"]


# Withdrawn


@pytest.mark.parametrize("kind", MAKERS)
def test_a_withdrawn_record_leaves_what_it_was_when_and_why(client, kind):
    maker, title = MAKERS[kind]
    record = maker(**{title: SECRET})
    change(record, "It never happened.", on="2026-11-23", state="withdrawn")

    page = get(client, record)

    assert page.status == 410
    assert f"This {kind} was withdrawn" in page.text
    assert '<time datetime="2026-11-23">23 November 2026</time>' in page.text
    assert "It never happened." in page.text
    assert f"/changes/{record._meta.model_name}/{record.natural_key()[0]}/" in page.links
    assert robots(page) == ["noindex"]
    assert SECRET not in page.text


def test_a_withdrawn_record_is_not_shown_as_it_stood_before(client, mission):
    change(mission, "It never happened.", state="withdrawn")

    for asked in ("2026-03-05", "yesterday", "2999-01-01"):
        page = get(client, mission, as_of=asked)
        assert page.status == 410
        assert "Chang&#x27;e" not in page.text


def test_what_was_withdrawn_and_is_rewritten_stays_withdrawn_for_the_public(client, mission):
    change(mission, "It never happened.", state="withdrawn")
    change(mission, "Once more.", state="draft", name=SECRET)

    page = get(client, mission)

    assert page.status == 410
    assert "It never happened." in page.text
    assert SECRET not in page.text


def test_what_was_withdrawn_is_back_once_it_is_published_again(client, mission):
    change(mission, "It never happened.", state="withdrawn")
    change(mission, "It did.", state="published")

    assert get(client, mission).status == 200


@pytest.mark.parametrize("asked", [{}, {"as_of": "yesterday"}, {"as_of": "2026-03-05"}])
def test_a_draft_and_nothing_answer_alike(client, asked):
    draft = make.make_mission(state="draft", name=SECRET)
    change(draft, aim="To be told of.")
    there = client.get(draft.get_absolute_url(), asked)
    nowhere = client.get("/missions/no-such-mission/", asked)

    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


def test_a_country_in_small_letters_is_sent_on_whatever_its_page_answers(client):
    shown, gone = make.make_country(code="CN"), make.make_country(code="SUHH")
    change(gone, state="withdrawn")
    make.make_country(code="FR", state="draft")

    response = client.get("/diplomacy/countries/cn/?as_of=2026-03-05")
    assert response.status_code == 301
    assert response.url == f"{shown.get_absolute_url()}?as_of=2026-03-05"
    assert client.get("/diplomacy/countries/suhh/").url == gone.get_absolute_url()
    assert client.get("/diplomacy/countries/fr/").status_code == 404


# As it stood


def test_a_page_shows_the_record_as_it_stood_at_the_end_of_a_day(client, mission):
    before, after = get(client, mission, as_of="2026-03-09"), get(client, mission, "2026-03-10")

    assert (before.status, after.status) == (200, 200)
    assert "23 November 2020" in before.text
    assert "24 November 2020" not in before.text
    assert "24 November 2020" in after.text


def test_a_page_as_it_stood_says_so_and_is_not_indexed(client, mission):
    page = get(client, mission, as_of="2026-03-09")

    assert "As it stood on" in page.text
    assert '<time datetime="2026-03-09">9 March 2026</time>' in page.text
    assert "(revision 1). Values of other records are as they are today." in page.text
    assert mission.get_absolute_url() in page.links
    assert f"/changes/mission/{mission.slug}/" in page.links
    assert canonical(page) == [mission.get_absolute_url()]
    assert robots(page) == ["noindex"]


def test_a_present_page_may_be_indexed(client, mission):
    page = get(client, mission)

    assert "As it stood" not in page.text
    assert canonical(page) == [mission.get_absolute_url()]
    assert robots(page) == []


@pytest.mark.parametrize("kind", [*MAKERS, "source"])
def test_every_kind_of_record_is_shown_as_it_stood(client, kind):
    if kind == "source":
        record, title = make.cite(make.make_mission()).source, "title"
    else:
        maker, title = MAKERS[kind]
        record = maker()
    setattr(record, title, "Its first name")
    record.save()
    begin(record, on="2026-03-01")
    change(record, on="2026-03-10", **{title: "Its second name"})

    past, present = get(client, record, as_of="2026-03-05"), get(client, record)

    assert (past.status, present.status) == (200, 200)
    assert "Its first name" in past.text
    assert "Its second name" not in past.text
    assert "Its second name" in present.text


@pytest.mark.parametrize(
    "asked", ["yesterday", "", "2026", "2026-13-01", "2026-02-30", "20260305", "\0", "<b>"]
)
def test_a_wrong_day_is_answered_with_the_accepted_form(client, mission, asked):
    response = client.get(mission.get_absolute_url(), {"as_of": asked})
    page = Page(response)

    assert response.status_code == 400
    assert page.problems == []
    assert "as in 2026-11-23 for 23 November 2026" in page.text
    [field] = [field for field in page.all("input") if field.get("name") == "as_of"]
    assert field.get("aria-invalid") == "true"
    assert mission.get_absolute_url() in page.links


def test_a_day_before_its_history_leads_to_the_first_that_can_be_shown(client, mission):
    page = get(client, mission, as_of="2026-02-28")

    assert page.status == 404
    assert "Its public history begins on" in page.text
    assert f"{mission.get_absolute_url()}?as_of=2026-03-01" in page.links


def test_a_record_without_a_history_says_so(client):
    page = get(client, make.make_mission(), as_of="2026-02-28")

    assert page.status == 404
    assert "Its history begins with its next change." in page.text


def test_a_day_on_which_it_was_withdrawn_says_so(client, mission):
    change(mission, "It never happened.", on="2026-03-15", state="withdrawn")
    change(mission, "It did.", on="2026-03-20", state="published")

    page = get(client, mission, as_of="2026-03-17")

    assert page.status == 404
    assert "It was withdrawn then." in page.text
    assert get(client, mission, as_of="2026-03-20").status == 200


def test_a_day_to_come_shows_the_present_page(client, mission):
    tomorrow = (timezone.now() + timedelta(days=1)).date()

    for day in (tomorrow.isoformat(), "9999-12-31"):
        page = get(client, mission, as_of=day)
        assert page.status == 200
        assert "is still to come: this is the page as it stands now" in page.text
        assert "24 November 2020" in page.text
        assert robots(page) == ["noindex"]


# Tools and corrections


def test_a_record_page_says_when_it_was_changed_and_leads_to_its_history(client, mission):
    page = get(client, mission)

    assert 'Last changed <time datetime="2026-03-10">10 March 2026</time>' in page.text
    assert f"/changes/mission/{mission.slug}/" in page.links
    assert f"/suggest/?record=mission/{mission.slug}" in page.links


def test_a_change_that_is_not_public_is_not_told(client, mission):
    change(mission, on="2026-03-15", state="withdrawn")
    change(mission, on="2026-03-20", state="draft")
    change(mission, on="2026-03-25", aim="Written in private.")
    change(mission, on="2026-03-30", state="published")
    Revision.objects.of(mission).filter(number__gt=5).delete()

    assert "15 March 2026" in get(client, mission).text


def test_a_record_without_recorded_changes_has_no_history_to_lead_to(client):
    page = get(client, make.make_mission())

    assert "Last changed" not in page.text
    assert not any(link.startswith("/changes/mission") for link in page.links)


def test_a_source_is_not_corrected_through_the_form_for_records(client):
    source = make.cite(make.make_mission()).source

    assert not any(link.startswith("/suggest/") for link in get(client, source).links)


def test_every_value_leads_to_a_correction_of_it_by_name(client):
    landing = make.make_landing(make.make_mission(slug="luna-9"), date="1966-02-03")
    make.make_event(landing.mission, title="Sent the first pictures")

    page = get(client, landing.mission)

    links = {
        a.get("href"): "".join(a.itertext()) for a in page.all("a") if a.get("class") == "suggest"
    }
    start = "/suggest/?record=mission/luna-9&field="
    assert links[f"{start}launch"] == "Suggest a correction of launch"
    assert links[f"{start}cospar_id"] == "Suggest a correction of COSPAR id"
    assert links[f"{start}landing-1-date"] == "Suggest a correction of date"
    assert links[f"{start}missionevent-1"].endswith("ent the first pictures")
    for link in links:
        assert client.get(link).status_code == 200, link


def test_what_nobody_types_in_has_no_correction_of_its_own(client):
    transfer = make.make_act().transfer

    links = get(client, transfer).links

    assert not any(link.endswith("field=status") for link in links)
    assert any(link.endswith("field=holder") for link in links)


def test_the_foot_of_a_page_takes_one_query(client, mission, queries_of):
    plain = queries_of(lambda: client.get(mission.get_absolute_url()))
    for day in range(11, 20):
        change(mission, on=f"2026-03-{day}", aim=f"Aim {day}")

    assert queries_of(lambda: client.get(mission.get_absolute_url())) == plain


@pytest.mark.parametrize("maker", [make.make_spacecraft, make.make_event, make.make_crew_member])
def test_queries_of_a_page_as_it_stood_do_not_grow_with_its_parts(client, queries_of, maker):
    mission = make.make_mission()

    def add(count):
        with recording(None, "More.", Way.COMMAND):
            for _ in range(count):
                make.cite(maker(mission))
        Revision.objects.of(mission).update(made_at=noon("2026-03-01"))

    def visit():
        assert client.get(mission.get_absolute_url(), {"as_of": "2026-03-05"}).status_code == 200

    add(2)
    few = queries_of(visit)
    add(4)
    assert queries_of(visit) == few
