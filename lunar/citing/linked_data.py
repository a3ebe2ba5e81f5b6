"""Records as linked data in the words of schema.org, for pages to carry.

A date goes in only if it is known to be exactly that year, month or day. Places on the Moon are no
GeoCoordinates, which are places on Earth. Of records that are not public nothing is told.
"""

import json

from django.db.models import Max
from django.urls import reverse
from django.utils.safestring import mark_safe

from diplomacy.models import Agreement, Practice, Transfer
from diplomacy.tables import party
from lunar.citing.works import CONTRIBUTORS, line
from lunar.data.about import DESCRIPTION, LICENCE, TITLE
from lunar.desk.models import Revision
from lunar.parties.models import Country, Organization, Person
from lunar.sources.models import Source
from missions.models import Mission, Programme

FRAME = "planetocentric, east positive, mean Earth"

# Within a script, nothing may look like the end of it, or like the start of a comment.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

SOURCE_TYPES = {
    Source.Kind.TREATY: "Legislation",
    Source.Kind.PAPER: "ScholarlyArticle",
    Source.Kind.DATASET: "Dataset",
    Source.Kind.AGENCY: "NewsArticle",
    Source.Kind.NEWS: "NewsArticle",
    Source.Kind.COLUMN: "OpinionNewsArticle",
    Source.Kind.BOOK: "Book",
    Source.Kind.OFFICIAL: "WebPage",
    Source.Kind.MUSEUM: "WebPage",
    Source.Kind.WEB: "WebPage",
}
COUNTRY_TYPES = {
    Country.Kind.TERRITORY: "AdministrativeArea",
    Country.Kind.US_STATE: "State",
    Country.Kind.INTERGOVERNMENTAL: "Organization",
}
ORGANIZATION_TYPES = {
    Organization.Kind.AGENCY: "GovernmentOrganization",
    Organization.Kind.GOVERNMENT: "GovernmentOrganization",
    Organization.Kind.MUSEUM: "Museum",
    Organization.Kind.UNIVERSITY: "CollegeOrUniversity",
    Organization.Kind.INSTITUTE: "ResearchOrganization",
    Organization.Kind.COMPANY: "Corporation",
}
TRANSFERS = {  # type of the action, and what it calls the party that receives
    Transfer.Kind.GIFT: ("GiveAction", "recipient"),
    Transfer.Kind.LOAN: ("LendAction", "borrower"),
    Transfer.Kind.EXCHANGE: ("TransferAction", "participant"),
    Transfer.Kind.SALE: ("SellAction", "buyer"),
}


def script(data):
    """Return linked data as the text of a script element."""
    text = json.dumps(_filled({"@context": "https://schema.org"} | data), ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308  nothing in it can end the element


def page(citation):
    """Return the page of a record: what it is about, at which revision, and what it rests on."""
    record, absolute = citation.record, citation.absolute
    revision = citation.revision
    return {
        "@type": "WebPage",
        "@id": absolute(record.get_absolute_url()),
        "url": absolute(record.get_absolute_url()),
        "name": line(record),
        "inLanguage": "en",
        "license": LICENCE["path"],
        "isPartOf": _dataset_reference(absolute),
        "version": revision and revision.number,
        "dateModified": revision and revision.made_at.isoformat(timespec="seconds"),
        "mainEntity": ENTITIES[type(record)](record, absolute),
        "citation": [
            source_entity(entry.source, absolute) for entry in getattr(citation.page, "sources", ())
        ],
        "isBasedOn": [_url(source, absolute) for source in citation.supporting],
    }


def dataset(absolute, distribution=()):
    """Return the whole record as a data set.

    `distribution` are (media type, address) of its files.
    """
    latest = Revision.objects.public().aggregate(at=Max("made_at"))["at"]
    return _dataset_reference(absolute) | {
        "description": DESCRIPTION,
        "license": LICENCE["path"],
        "creator": {"@type": "Organization", "name": CONTRIBUTORS},
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "keywords": ["Moon", "lunar missions", "lunar samples", "diplomacy"],
        "spatialCoverage": {"@type": "Place", "name": "Moon"},
        "temporalCoverage": "1958/..",
        "dateModified": latest and latest.isoformat(timespec="seconds"),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media_type,
                "contentUrl": absolute(address),
                "license": LICENCE["path"],
            }
            for media_type, address in distribution
        ],
    }


def source_entity(source, absolute):
    """Return a source: what it is, who published it when, and where it is read."""
    return {
        "@type": SOURCE_TYPES.get(source.kind, "CreativeWork"),
        "name": line(source.title),
        "alternateName": line(source.title_english),
        "creditText": line(source.authors),
        "publisher": {"@type": "Organization", "name": line(source.publisher)},
        "datePublished": _day(source.published),
        "inLanguage": source.language,
        "url": _url(source, absolute),
    }


def _url(source, absolute):
    return line(source.url) or absolute(source.get_absolute_url())


def _dataset_reference(absolute):
    home = absolute(reverse("home"))
    return {"@type": "Dataset", "@id": f"{home}#dataset", "name": TITLE, "url": home}


def _mission(mission, absolute):
    cancelled = "https://schema.org/EventCancelled"
    return _named(mission) | {
        "@type": "Event",
        "description": line(mission.result or mission.aim),
        "startDate": _day(mission.launch),
        "endDate": _day(mission.ended),
        "eventStatus": cancelled if mission.outcome == Mission.Outcome.CANCELLED else None,
        "location": {"@type": "Place", "name": line(mission.launch_site or "Moon")},
        "organizer": _references(mission.operators.all(), "Organization", absolute),
        "contributor": _references((m.person for m in mission.crew.all()), "Person", absolute),
        "superEvent": _reference(mission.programme, "EventSeries", absolute),
        "identifier": _property("COSPAR id", mission.cospar_id),
        "subEvent": [_landing(landing) for landing in mission.landings.all()],
    }


def _landing(landing):
    return {
        "@type": "Event",
        "name": line(landing),
        "startDate": _day(landing.date),
        "location": {
            "@type": "Place",
            "name": line(landing.site_name or "Moon"),
            "additionalProperty": _position(landing),
        },
    }


def _position(landing):
    """Return a place on the Moon as a property with its body, its frame and its coordinates."""
    if landing.latitude is None:
        return None
    degrees = {"unitCode": "DD"}
    return {
        "@type": "PropertyValue",
        "name": "Position on the Moon",
        "value": f"{float(landing.latitude)}, {float(landing.longitude)}",
        "unitText": "degrees of latitude and longitude",
        "valueReference": [
            _property("body", "Moon"),
            _property("frame", FRAME),
            _property("latitude", float(landing.latitude)) | degrees,
            _property("longitude", float(landing.longitude)) | degrees,
        ],
    }


def _transfer(transfer, absolute):
    kind, receiver = TRANSFERS[transfer.kind]
    material = filter(None, [line(transfer.material), transfer.mass_words])
    return {
        "@type": "Event",
        "name": line(transfer.title),
        "description": line(transfer.summary),
        "startDate": _day(transfer.date),
        "location": {"@type": "Place", "name": line(transfer.place) or None},
        "about": {
            "@type": kind,
            "name": line(transfer.title),
            "actionStatus": _action_status(transfer),
            "agent": _party(party(transfer, "giver"), absolute),
            receiver: _party(party(transfer, "recipient"), absolute),
            "object": {
                "@type": "Thing",
                "name": "Lunar material",
                "description": ", ".join(material),
            },
        },
        "subEvent": [
            {
                "@type": "Event",
                "name": act.get_kind_display(),
                "startDate": _day(act.date),
                "location": {"@type": "Place", "name": line(act.place) or None},
            }
            for act in transfer.acts.all()
        ],
    }


def _action_status(transfer):
    Status = Transfer.Status  # noqa: N806  an enumeration
    if transfer.status == Status.NOT_RESEARCHED:
        return None
    if transfer.status in {Status.REFUSED, Status.BLOCKED, Status.NEVER_DELIVERED}:
        return "https://schema.org/FailedActionStatus"
    if transfer.is_unsettled:
        return "https://schema.org/PotentialActionStatus"
    return "https://schema.org/CompletedActionStatus"


def _programme(programme, absolute):
    return _named(programme) | {
        "@type": "EventSeries",
        "description": line(programme.summary),
        "startDate": _day(programme.started),
        "endDate": _day(programme.ended),
        "organizer": _references(programme.operators.all(), "Organization", absolute),
    }


def _country(country, absolute):
    kind = COUNTRY_TYPES.get(country.kind, "Country")
    within = (
        {}
        if kind == "Organization"
        else {"containedInPlace": _reference(country.part_of, "Country", absolute)}
    )
    return _named(country) | within | {"@type": kind, "identifier": country.code}


def _organization(organization, absolute):
    country = organization.country
    is_told = country is not None and country.is_public
    address = {"addressLocality": line(organization.city)}
    address["addressCountry"] = line(country) if is_told else None
    return _named(organization) | {
        "@type": ORGANIZATION_TYPES.get(organization.kind, "Organization"),
        "address": {"@type": "PostalAddress", **address},
    }


def _person(person, absolute):
    return _named(person) | {"@type": "Person", "description": line(person.known_for)}


def _agreement(agreement, absolute):
    is_law = agreement.kind in {Agreement.Kind.TREATY, Agreement.Kind.LAW}
    dated = "legislationDate" if is_law else "dateCreated"
    return {
        "@type": "Legislation" if is_law else "CreativeWork",
        "name": line(agreement.name),
        "alternateName": line(agreement.long_name),
        "description": line(agreement.summary),
        dated: _day(agreement.opened),
    }


def _practice(practice, absolute):
    return {
        "@type": "DefinedTerm",
        "name": line(practice.name),
        "alternateName": line(practice.other_names),
        "description": line(practice.summary),
    }


ENTITIES = {
    Mission: _mission,
    Transfer: _transfer,
    Programme: _programme,
    Country: _country,
    Organization: _organization,
    Person: _person,
    Agreement: _agreement,
    Practice: _practice,
    Source: source_entity,
}


def _named(record):
    return {"name": line(record.name), "alternateName": line(record.native_name)}


def _party(record, absolute):
    """Return who acts: an organisation, a person or a country."""
    kinds = {Organization: "Organization", Person: "Person"}
    return _reference(record, kinds.get(type(record), "Country"), absolute)


def _references(records, kind, absolute):
    return [_reference(record, kind, absolute) for record in records]


def _reference(record, kind, absolute):
    """Return the name and address of another record; None for none, and for a draft."""
    if record is None or not record.is_public:
        return None
    return {"@type": kind, "name": line(record), "url": absolute(record.get_absolute_url())}


def _property(name, value):
    return None if value is None else {"@type": "PropertyValue", "name": name, "value": value}


def _day(edtf):
    """Return a date as ISO 8601 has it, None where it is known less exactly than that."""
    return edtf.datetime_attribute if edtf else None


def _filled(data):
    """Return `data` without what says nothing: None, "", [], objects that have but a type."""
    if isinstance(data, dict):
        kept = {name: _filled(value) for name, value in data.items()}
        kept = {name: value for name, value in kept.items() if value not in (None, "", [], {})}
        return kept if kept.keys() - {"@type"} else None
    if isinstance(data, list):
        return [value for value in map(_filled, data) if value is not None]
    return data
