"""Rows for tests: `make_mission(**fields)` fills in what a test does not care about.

Records are published and rest on one citation, so that the public sees them; ask for
`state="draft"` or `cited=False` where that matters. Parts of a record (acts, landings…) get a
record of their own unless one is named, and no citation: `cite` adds one to anything.
Many-to-many fields take lists: `make_mission(countries=[china])`.
"""

from itertools import count
from string import ascii_uppercase

from django.contrib.auth.models import Group, Permission, User

from diplomacy.models import Act, Adherence, Agreement, Practice, Transfer, TransferSeries
from lunar.desk.roles import DESK_PERMISSIONS
from lunar.parties.models import Country, Organization, Person
from lunar.sources.derivation import postponed
from lunar.sources.models import Exclusion, Record, Source
from missions.models import (
    CrewMember,
    Figure,
    Landing,
    Mission,
    MissionEvent,
    MissionType,
    Programme,
    SampleReturn,
    Spacecraft,
)

_numbers = count(1)


def make_user(*roles, **fields):
    """Somebody who may log in at the desk, in the groups named."""
    n = next(_numbers)
    defaults = {"username": f"user-{n}", "password": "far-side-2019", "is_staff": True}
    user = User.objects.create_user(**defaults | fields)
    for role in roles:
        group, made = Group.objects.get_or_create(name=role)
        if made:  # a test that commits empties every table afterwards
            desk = Permission.objects.filter(content_type__app_label="desk")
            group.permissions.set(desk.filter(codename__in=DESK_PERMISSIONS[role]))
        user.groups.add(group)
    return user


def make_source(**fields):
    n = next(_numbers)
    defaults = {
        "slug": f"source-{n}",
        "title": f"Source {n}",
        "publisher": "The Paper",
        "kind": Source.Kind.NEWS,
        "standing": Source.Standing.SECONDARY,
        "url": f"https://example.org/{n}",
    }
    return Source.objects.create(**defaults | fields)


def make_exclusion(**fields):
    n = next(_numbers)
    defaults = {"slug": f"left-out-{n}", "subject": f"Thing {n}", "reason": "It never happened."}
    return Exclusion.objects.create(**defaults | fields)


def cite(subject, field="", source=None, **fields):
    """Cite a source, a new one unless named, for a field of a record or part; supports it."""
    return subject.citations.create(field=field, source=source or make_source(), **fields)


def make_country(**fields):
    n = next(_numbers)
    defaults = {"code": f"X-{_letters(n)}", "name": f"Country {n}", "kind": Country.Kind.STATE}
    if fields.get("kind") == Country.Kind.FORMER_STATE:
        defaults["valid_to"] = "1991-12-26"
    return _make(Country, defaults, fields)


def make_organization(**fields):
    n = next(_numbers)
    defaults = {
        "slug": f"organization-{n}",
        "name": f"Organization {n}",
        "kind": Organization.Kind.AGENCY,
    }
    return _make(Organization, defaults, fields)


def make_person(**fields):
    n = next(_numbers)
    return _make(Person, {"slug": f"person-{n}", "name": f"Person {n}"}, fields)


def make_programme(**fields):
    n = next(_numbers)
    return _make(Programme, {"slug": f"programme-{n}", "name": f"Programme {n}"}, fields)


def make_mission_type(**fields):
    n = next(_numbers)
    return _make(MissionType, {"slug": f"type-{n}", "name": f"Type {n}"}, fields)


def make_mission(**fields):
    n = next(_numbers)
    defaults = {
        "slug": f"mission-{n}",
        "name": f"Mission {n}",
        "launch": "2020-11-23",
        "outcome": Mission.Outcome.SUCCESS,
    }
    if not fields.get("cospar_id"):
        defaults["no_cospar_reason"] = Mission.NoCospar.NONE_ASSIGNED
    return _make(Mission, defaults, fields)


def make_spacecraft(mission=None, **fields):
    defaults = {"name": f"Craft {next(_numbers)}", "role": Spacecraft.Role.LANDER}
    return _make(Spacecraft, defaults, fields, mission=mission or make_mission())


def make_landing(mission=None, **fields):
    defaults = {
        "kind": Landing.Kind.SOFT,
        "date": "2020-12-01",
        "latitude": "43.05800",
        "longitude": "-51.91600",
    }
    return _make(Landing, defaults, fields, mission=mission or make_mission())


def make_event(mission=None, **fields):
    defaults = {
        "kind": MissionEvent.Kind.LAUNCH,
        "date": "2020-11-23",
        "title": f"Event {next(_numbers)}",
    }
    return _make(MissionEvent, defaults, fields, mission=mission or make_mission())


def make_crew_member(mission=None, person=None, **fields):
    parents = {"mission": mission or make_mission(), "person": person or make_person()}
    return _make(CrewMember, {"role": "Commander"}, fields, **parents)


def make_sample_return(mission=None, **fields):
    defaults = {"mass_g": "1731.0000000", "material": SampleReturn.Material.SOIL_AND_CORE}
    return _make(SampleReturn, defaults, fields, mission=mission or make_mission())


def make_figure(**fields):
    n = next(_numbers)
    defaults = {
        "slug": f"figure-{n}",
        "name": f"Figure {n}",
        "measure": Figure.Measure.MASS_RETURNED,
        "method": "The sum of all masses in the record.",
    }
    return _make(Figure, defaults, fields)


def make_series(**fields):
    n = next(_numbers)
    return _make(TransferSeries, {"slug": f"series-{n}", "name": f"Series {n}"}, fields)


def make_transfer(**fields):
    n = next(_numbers)
    defaults = {
        "slug": f"transfer-{n}",
        "title": f"Transfer {n}",
        "kind": Transfer.Kind.GIFT,
    }
    for side in ("giver", "recipient"):
        if not {side, f"{side}_organization", f"{side}_person"} & set(fields):
            defaults[side] = make_country()
    if fields.get("mass_g") is not None:
        defaults["mass_certainty"] = Transfer.MassCertainty.EXACT
    return _make(Transfer, defaults, fields)


def make_act(transfer=None, **fields):
    defaults = {"kind": Act.Kind.GIVEN, "date": "1978-05-22"}
    return _make(Act, defaults, fields, transfer=transfer or make_transfer())


def make_agreement(**fields):
    n = next(_numbers)
    defaults = {
        "slug": f"agreement-{n}",
        "name": f"Agreement {n}",
        "kind": Agreement.Kind.TREATY,
    }
    return _make(Agreement, defaults, fields)


def make_adherence(agreement=None, country=None, **fields):
    defaults = {"step": Adherence.Step.SIGNED, "date": "2020-10-13"}
    parents = {"agreement": agreement or make_agreement(), "country": country or make_country()}
    return _make(Adherence, defaults, fields, **parents)


def make_practice(**fields):
    n = next(_numbers)
    defaults = {"slug": f"practice-{n}", "name": f"Practice {n}", "summary": "A custom."}
    return _make(Practice, defaults, fields)


def _make(model, defaults, fields, **parents):
    is_record = issubclass(model, Record)
    fields = defaults | fields | parents
    cited = fields.pop("cited", is_record)
    lists = {f.name: fields.pop(f.name, None) for f in model._meta.many_to_many}
    if is_record:
        fields.setdefault("state", Record.State.PUBLISHED)
    with postponed():
        row = model.objects.create(**fields)
        for name, rows in lists.items():
            getattr(row, name).set(rows or [])
        if cited:
            cite(row)
    # What the database computes, and dates and decimals as it gives them back.
    row.refresh_from_db()
    return row


def _letters(n):
    """Return `n` in letters, at least two: AA, AB…; the form of a country's own code."""
    text = ""
    while n or len(text) < 2:
        n, rest = divmod(n, len(ascii_uppercase))
        text = ascii_uppercase[rest] + text
    return text
