"""A small record in which everything occurs, and drafts that must be seen nowhere."""

from contextlib import contextmanager
from types import SimpleNamespace

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models, transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from diplomacy.models import Act, Agreement, Practice, Transfer, TransferSeries
from lunar.desk.history import Way, recording
from lunar.desk.models import CheckRun, EditorProfile, SuggestedValue, Suggestion
from lunar.edtf import EdtfField
from lunar.parties.models import Country, Organization, Person
from lunar.sources.models import Record, Source
from missions.models import (
    CrewMember,
    Figure,
    Landing,
    Mission,
    MissionEvent,
    Programme,
    SampleReturn,
    Spacecraft,
)
from tests import factories as make

SECRET = "zugzwang"  # in every text of every draft, and in nothing else
HOSTILE = """'"><script>x()</script>{{ 7|add:7 }}{% now "Y" %}"""


@contextmanager
def whole_world():
    """Yield the world with all that must be seen nowhere in it; taken back at the end."""
    with transaction.atomic():
        world = make_world()
        plant_drafts(world)
        plant_hostile_texts()
        world.withdrawn = plant_withdrawn()
        plant_history(world)
        plant_suggestions(world)
        plant_what_is_not_ready(world)
        plant_accounts(world)
        yield world
        transaction.set_rollback(True)


def make_world():
    """Make and return public records of every kind, with all their parts, linked to each other."""
    china = make.make_country(
        code="CN", name="China", native_name="中国", native_language="zh", valid_from="1949-10-01"
    )
    ussr = make.make_country(
        code="SUHH", name="Soviet Union", name_in_text="the Soviet Union", kind="former_state"
    )
    france = make.make_country(code="FR", name="France")
    cnsa = make.make_organization(slug="cnsa", name="China National Space Administration")
    person = make.make_person(slug="wu-weiren", name="Wu Weiren", country=china)
    paper = make.make_source(slug="paper", title="La <em>Lune</em> & nous", language="fr")
    programme = make.make_programme(
        slug="chang-e",
        name="Chang'e",
        native_name="嫦娥",
        native_language="zh",
        countries=[china],
        operators=[cnsa],
        summary="Flights named after the goddess of the Moon.",
    )
    mission = make.make_mission(
        slug="chang-e-5",
        name="Chang'e 5",
        native_name="嫦娥五号",
        native_language="zh-Hans",
        cospar_id="2020-087A",
        programme=programme,
        countries=[china],
        operators=[cnsa],
        types=[make.make_mission_type(slug="sample-return", name="Sample return")],
        launch_mass_kg="8200",
        aim="To bring back soil.",
        result="It brought back 1,731 g of soil.",
    )
    craft = make.make_spacecraft(mission, name="Ascender", fate="Fell onto the Moon.")
    landing = make.make_landing(mission, spacecraft=craft, accuracy_m=15)
    event = make.make_event(mission, title="Landed in the Ocean of Storms", is_first=True)
    crew = make.make_crew_member(mission, person)
    sample = make.make_sample_return(mission, returned="2020-12-16", side="near")
    make.make_mission(
        slug="luna-15", name="Luna 15", countries=[ussr], launch="", outcome="failure"
    )
    figure = make.make_figure(slug="total", name="All that was ever brought back")
    series = make.make_series(slug="loans", name="Loans of 2025", is_goodwill=True)
    earlier = make.make_transfer(slug="gift-1978", title="Gift of 1978", giver=france)
    transfer = make.make_transfer(
        slug="loan-2025",
        title="Loan of soil, 2025",
        kind="loan",
        series=series,
        giver=china,
        giver_organization=cnsa,
        giver_person=person,
        recipient=france,
        missions=[mission],
        mass_g="0.06",
        reciprocates=earlier,
        summary="Lent for three years.",
    )
    act = make.make_act(transfer, kind="lent", date="2025-04-29", place="Paris", to_country=france)
    make.make_act(transfer, kind="displayed", date="", to_country=france)
    agreement = make.make_agreement(slug="outer-space-treaty", name="Outer Space Treaty")
    adherence = make.make_adherence(agreement, france)
    practice = make.make_practice(
        slug="panda-diplomacy", name="Panda diplomacy", series=[series], transfers=[earlier]
    )
    cited = [
        china,
        cnsa,
        person,
        programme,
        mission,
        craft,
        landing,
        event,
        crew,
        sample,
        figure,
        series,
        transfer,
        act,
        agreement,
        adherence,
        practice,
    ]
    for subject in cited:
        for field in ("", *subject.CITED_FIELDS):
            make.cite(subject, field, paper, quote="“Lune” < terre", locator="p. 3", note="Seen.")
            make.cite(subject, field, paper, stance="disputes", stated_value="<b>other</b>")
    return SimpleNamespace(
        record_pages=[
            china,
            ussr,
            cnsa,
            person,
            programme,
            mission,
            transfer,
            agreement,
            practice,
            paper,
        ],
        pair="/diplomacy/countries/CN/FR/",
        cited=cited,
        source=paper,
        mission=mission,
        programme=programme,
    )


def plant_drafts(world):
    """Add drafts that say SECRET in every text, and let public records name them."""
    drafts, source = make_one_of_each(SECRET, SECRET, state="draft", cited=False)
    said = dict.fromkeys(("quote", "note", "locator"), SECRET)
    for row in vars(drafts).values():
        make.cite(row, "", source, **said)
        make.cite(row, "", world.source, stance="disputes", stated_value=SECRET, **said)
    figure = {"measure": "sample_return_missions", "state": "draft"}
    make.make_figure(slug=SECRET, **texts(Figure, SECRET), **figure)
    _link_to_drafts(world, drafts)


def plant_withdrawn():
    """Publish records that say SECRET in every text, withdraw them again and return them."""
    with recording(None, "Added.", Way.COMMAND):
        rows, _ = make_one_of_each(SECRET, "set-aside")
    records = [row for row in vars(rows).values() if isinstance(row, Record)]
    with recording(None, "Of another Moon.", Way.COMMAND):
        for record in records:
            record.state = Record.State.WITHDRAWN
            record.save()
    return records


def plant_hostile_texts():
    """Add public records with markup in every text."""
    rows, source = make_one_of_each(HOSTILE, "hostile")
    said = dict.fromkeys(("quote", "note", "locator", "stated_value"), HOSTILE)
    for row in vars(rows).values():
        make.cite(row, "", source, **said)
        make.cite(row, row.CITED_FIELDS[0], source, stance="disputes", **said)


def plant_history(world):
    """Change records at the desk: public ones, drafts that say SECRET, one withdrawn since."""
    editor = make.make_user("Reviewer", username=SECRET, first_name=SECRET)

    def change(record, reason, **values):
        with recording(editor, reason, Way.FORM):
            for name, value in values.items():
                setattr(record, name, value)
            record.save()

    change(world.mission, "The launch was later.", launch="2020-11-24")
    change(world.mission, HOSTILE, aim=HOSTILE, result=f"{HOSTILE} {world.mission.result}")
    with recording(editor, "Restated.", Way.FORM):
        world.mission.citations.first().delete()
        make.cite(world.mission, "launch", quote="On Monday")
    draft = Mission.objects.get(slug=SECRET)
    change(draft, f"Reads {SECRET} now.", aim=f"{SECRET} again")
    named = Transfer.objects.get(title="Public transfer")
    change(named, "Its occasion is known.", occasion="A visit", series=None)
    with recording(editor, "It named a draft.", Way.FORM):
        named.missions.clear()
        named.acts.get().delete()
    gone = make.make_mission(slug="gone", name=SECRET, aim=SECRET)
    change(gone, f"Is {SECRET}.", result=SECRET)
    change(gone, "It was never flown.", state="withdrawn")


def plant_suggestions(world):
    """Add suggestions of readers that say SECRET in every text: one that waits, one declined."""
    said = texts(Suggestion, SECRET) | {"sender_email": f"{SECRET}@example.org"}
    own = {"label": "missions.mission", "key": world.mission.slug, "seen": 0}
    waiting, answered = (
        Suggestion.objects.create(**said | own | {"token_digest": f"{SECRET}{n}"}) for n in range(2)
    )
    waiting.values.create(**texts(SuggestedValue, SECRET) | {"name": "launch"})
    now = timezone.now()
    declined = {"name": "launch", "state": "declined", "answered_at": now}
    answered.values.create(**texts(SuggestedValue, SECRET) | declined)
    Suggestion.objects.filter(pk=answered.pk).update(state="answered", answered_at=now)


def plant_what_is_not_ready(world):
    """Add records in review, published ones without evidence, and one that said SECRET before."""
    make_one_of_each(SECRET, f"{SECRET}-review", "X-REVIEW", state="in_review")
    make_one_of_each(SECRET, f"{SECRET}-bare", "X-BARE", cited=False)
    with recording(None, f"Written, {SECRET}.", Way.COMMAND):
        fields = {"name": SECRET, "aim": SECRET, "state": "draft", "cited": False}
        ripened = make.make_mission(slug="ripened", **fields)
        make.cite(ripened, "", world.source)
    with recording(None, f"Renamed, {SECRET}.", Way.COMMAND):
        ripened.name, ripened.aim = "Ripened", "To land."
        ripened.save()
    with recording(None, "Published.", Way.COMMAND):
        ripened.state = "published"
        ripened.save()


def plant_accounts(world):
    """Let people whose names, addresses, devices and logins say SECRET work on public records."""
    named = dict.fromkeys(("first_name", "last_name"), SECRET)
    private = make.make_user("Editor", username=f"{SECRET}-2", email=f"{SECRET}@a.example", **named)
    known = make.make_user("Reviewer", username=f"{SECRET}-3", email=f"{SECRET}@b.example", **named)
    EditorProfile.objects.create(user=known, public_name="Ann B.")
    for editor in (private, known):
        with recording(editor, "Named differently.", Way.FORM):
            world.programme.summary += " And again."
            world.programme.save()
        TOTPDevice.objects.create(user=editor, name=SECRET)
        LogEntry.objects.create(
            user=editor, action_flag=CHANGE, object_repr=SECRET, change_message=SECRET
        )
    for model in (AccessLog, AccessAttempt, AccessFailureLog):
        more = {"failures_since_start": 1} if model is AccessAttempt else {}
        model.objects.create(username=SECRET, user_agent=SECRET, path_info=f"/{SECRET}", **more)
    finding = dict.fromkeys(("check", "record", "field", "message"), SECRET)
    CheckRun.objects.create(made_at=timezone.now(), findings=[finding])


def make_one_of_each(text, slug, code="", **fields):
    """Make a record and a part of each kind, and a source, with `text` in every free text."""
    code = code or f"X-{slug.upper()[:6]}"
    source = make.make_source(slug=slug, **texts(Source, text))

    def record(maker, model, **more):
        return maker(**texts(model, text) | {"slug": slug} | fields | more)

    mission = record(make.make_mission, Mission)
    series = record(make.make_series, TransferSeries, is_goodwill=True)
    transfer = record(make.make_transfer, Transfer, series=series, missions=[mission])
    agreement = record(make.make_agreement, Agreement)
    cited = SimpleNamespace(
        country=make.make_country(code=code, **texts(Country, text), **fields),
        organization=record(make.make_organization, Organization),
        person=record(make.make_person, Person),
        programme=record(make.make_programme, Programme),
        mission=mission,
        spacecraft=make.make_spacecraft(mission, **texts(Spacecraft, text)),
        landing=make.make_landing(mission, **texts(Landing, text)),
        event=make.make_event(mission, is_first=True, **texts(MissionEvent, text)),
        member=make.make_crew_member(mission, **texts(CrewMember, text)),
        sample=make.make_sample_return(mission, **texts(SampleReturn, text)),
        series=series,
        transfer=transfer,
        act=make.make_act(transfer, **texts(Act, text)),
        agreement=agreement,
        adherence=make.make_adherence(agreement),
        practice=record(make.make_practice, Practice, series=[series]),
    )
    return cited, source


def texts(model, text):
    """Return {field: text} for every field of `model` that holds what anybody may write."""
    formal = (models.SlugField, models.URLField, EdtfField)
    return {
        field.name: text[: field.max_length]
        for field in model._meta.fields
        if isinstance(field, (models.CharField, models.TextField))
        and not isinstance(field, formal)
        and field.editable
        and not field.choices
        and field.name not in {"code", "cospar_id"}
    }


def _link_to_drafts(world, drafts):
    country, organization, person = drafts.country, drafts.organization, drafts.person
    public = make.make_mission(
        name="Public mission",
        programme=drafts.programme,
        countries=[country],
        operators=[organization],
    )
    member = make.make_crew_member(public, person)
    make.cite(member, "", world.source, quote="aboard")
    make.make_sample_return(public)
    make.make_person(name="Public person", country=country)
    make.make_organization(name="Public body", country=country)
    make.make_programme(name="Public programme", countries=[country], operators=[organization])
    named = make.make_transfer(
        title="Public transfer",
        giver=country,
        recipient=country,
        giver_organization=organization,
        recipient_person=person,
        missions=[drafts.mission],
        reciprocates=drafts.transfer,
        series=drafts.series,
    )
    make.make_act(
        named, kind="given", from_country=country, to_organization=organization, to_person=person
    )
    agreement = make.make_agreement(name="Public agreement")
    make.cite(make.make_adherence(agreement, country), "", world.source, quote="signed")
    make.make_country(name="Public country", part_of=country, successors=[country])
    make.make_practice(
        name="Public practice",
        countries=[country],
        follows=drafts.practice,
        transfers=[drafts.transfer],
    )
