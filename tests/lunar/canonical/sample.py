"""A small record with a row in every canonical file, and the fixtures for it."""

import json

from django.apps import apps

from lunar.canonical.models import LoadedRow
from lunar.canonical.shapes import FILES, shapes
from tests.conftest import RECORD_APPS

SOURCE = {
    "publisher": "Korea JoongAng Daily",
    "kind": "column",
    "standing": "secondary",
}


def sample():
    """Return the rows of a sound record: {file name: [fields, …]}, nothing in canonical order."""
    cited = {"source": ["column"]}
    published = {"state": "published"}
    return {
        "sources": [
            SOURCE
            | {
                "slug": "column",
                "title": "From pandas to lunar soil: China’s ‘moon diplomacy’",
                "published": "2025-02-10",
                "url": "https://example.org/column",
                "accessed": "2026-11-22",
            },
            SOURCE | {"slug": "agency", "title": "嫦娥五号", "language": "zh-Hans"},
        ],
        "exclusions": [
            {
                "slug": "lunar-meteorites",
                "subject": "Lunar meteorites",
                "reason": "Nobody gave them.",
            }
        ],
        "former_addresses": [
            {"label": "sources.source", "key": "a-copy", "target": "column"},
        ],
        "countries": [
            published
            | {"code": "PR", "name": "Puerto Rico", "kind": "territory", "part_of": ["US"]},
            published
            | {
                "code": "SUHH",
                "name": "Soviet Union",
                "name_in_text": "the Soviet Union",
                "native_name": "Советский Союз",
                "native_language": "ru",
                "kind": "former_state",
                "valid_from": "1922",
                "valid_to": "1991-12-26",
                "successors": [["RU"]],
            },
            published | {"code": "RU", "name": "Russia", "kind": "state"},
            published | {"code": "US", "name": "United States", "kind": "state"},
            {"code": "FR", "name": "France", "kind": "state"},
        ],
        "organizations": [
            published | {"slug": "nasa", "name": "NASA", "kind": "agency", "country": ["US"]}
        ],
        "people": [published | {"slug": "neil-armstrong", "name": "Neil Armstrong"}],
        "mission_types": [
            {"slug": "sample-return", "name": "Sample return", "position": 2},
            {"slug": "crewed-landing", "name": "Crewed landing", "position": 1},
        ],
        "programmes": [
            published
            | {"slug": "apollo", "name": "Apollo", "countries": [["US"]], "operators": [["nasa"]]}
        ],
        "missions": [
            published
            | {
                "slug": "apollo-11",
                "name": "Apollo 11",
                "programme": ["apollo"],
                "operators": [["nasa"]],
                "countries": [["US"]],
                "types": [["sample-return"], ["crewed-landing"]],
                "cospar_id": "1969-059A",
                "launch": "1969-07-16",
                "launch_mass_kg": "45702.50",
                "outcome": "success",
                "ended": "1969-07-24",
                "absent_values": {"other_names": "not_researched", "name_meaning": "unknown"},
            },
            {
                "slug": "luna-16",
                "name": "Luna 16",
                "cospar_id": "1970-072A",
                "launch": "1970-09-12",
                "outcome": "success",
            },
        ],
        "spacecraft": [
            {"mission": ["apollo-11"], "number": 1, "name": "Eagle", "role": "crewed_lander"}
        ],
        "landings": [
            {
                "mission": ["apollo-11"],
                "number": 1,
                "spacecraft": ["apollo-11", 1],
                "kind": "soft",
                "date": "1969-07-20",
                "latitude": "0.674160",
                "longitude": "23.47314",
            }
        ],
        "mission_events": [
            {
                "mission": ["apollo-11"],
                "number": number,
                "kind": "landing",
                "date": "1969-07-20",
                "title": f"Event {number}",
            }
            for number in (10, 2, 1)
        ],
        "crew": [{"mission": ["apollo-11"], "person": ["neil-armstrong"], "role": "Commander"}],
        "sample_returns": [
            {
                "mission": ["apollo-11"],
                "mass_g": "21550.0",
                "side": "near",
                "returned": "1969-07-24",
            }
        ],
        "figures": [
            published
            | {
                "slug": "mass-returned",
                "name": "Mass returned",
                "measure": "mass_returned",
                "method": "The sum of all sample returns.",
            }
        ],
        "transfer_series": [
            published
            | {"slug": "apollo-11-displays", "name": "Apollo 11 displays", "is_goodwill": True}
        ],
        "transfers": [
            published
            | {
                "slug": "a-display",
                "title": "Display to the Soviet Union",
                "kind": "gift",
                "series": ["apollo-11-displays"],
                "giver": ["US"],
                "recipient": ["SUHH"],
                "missions": [["apollo-11"]],
                "mass_g": "0.05",
                "mass_certainty": "about",
                "reciprocates": ["z-answer"],
            },
            published
            | {
                "slug": "z-answer",
                "title": "Soil to the United States",
                "kind": "exchange",
                "giver": ["SUHH"],
                "recipient": ["US"],
            },
        ],
        "acts": [
            {
                "transfer": ["a-display"],
                "number": 1,
                "kind": "given",
                "date": "1970~",
                "place": "Moscow",
            },
            {
                "transfer": ["z-answer"],
                "number": 1,
                "kind": "exchanged",
                "date": "1971-06",
                "to_organization": ["nasa"],
            },
        ],
        "agreements": [
            published
            | {
                "slug": "ost",
                "name": "Outer Space Treaty",
                "kind": "treaty",
                "opened": "1967-01-27",
            }
        ],
        "adherences": [
            {"agreement": ["ost"], "country": ["US"], "step": "signed", "date": "1967-01-27"}
        ],
        "practices": [
            published
            | {
                "slug": "moon-diplomacy",
                "name": "Moon diplomacy",
                "summary": "Gifts of lunar soil.",
                "follows": ["panda-diplomacy"],
                "series": [["apollo-11-displays"]],
                "transfers": [["z-answer"], ["a-display"]],
            },
            published
            | {"slug": "panda-diplomacy", "name": "Panda diplomacy", "summary": "Gifts of pandas."},
        ],
        "country_citations": [cited | {"subject": [code]} for code in ("US", "SUHH", "RU", "PR")],
        "organization_citations": [cited | {"subject": ["nasa"]}],
        "person_citations": [cited | {"subject": ["neil-armstrong"]}],
        "programme_citations": [cited | {"subject": ["apollo"]}],
        "mission_citations": [
            cited | {"subject": ["apollo-11"]},
            {
                "subject": ["apollo-11"],
                "field": "launch",
                "source": ["agency"],
                "stance": "disputes",
                "stated_value": "16/17 July “1969”",
                "note": "Beijing time.",
            },
        ],
        "spacecraft_citations": [cited | {"subject": ["apollo-11", 1]}],
        "landing_citations": [cited | {"subject": ["apollo-11", 1]}],
        "mission_event_citations": [cited | {"subject": ["apollo-11", n]} for n in (1, 2, 10)],
        "crew_citations": [cited | {"subject": ["apollo-11", "neil-armstrong"]}],
        "sample_return_citations": [cited | {"subject": ["apollo-11"]}],
        "figure_citations": [
            cited | {"subject": ["mass-returned"], "field": "value", "stated_value": "about 380 kg"}
        ],
        "transfer_series_citations": [cited | {"subject": ["apollo-11-displays"]}],
        "transfer_citations": [cited | {"subject": [slug]} for slug in ("z-answer", "a-display")],
        "act_citations": [cited | {"subject": [slug, 1]} for slug in ("z-answer", "a-display")],
        "agreement_citations": [cited | {"subject": ["ost"]}],
        "adherence_citations": [cited | {"subject": ["ost", "US", "signed"]}],
        "practice_citations": [
            cited | {"subject": [slug]} for slug in ("moon-diplomacy", "panda-diplomacy")
        ],
    }


def row(rows, name, key):
    """Return the fields of the row in file `name` whose slug or code is `key`."""
    return next(fields for fields in rows[name] if key in (fields.get("slug"), fields.get("code")))


def write_fixtures(directory, rows):
    """Write all canonical files into `directory`; those that `rows` does not name are empty."""
    directory.mkdir(exist_ok=True)
    for name, label in FILES.items():
        entries = [{"model": label.lower(), "fields": fields} for fields in rows.get(name, [])]
        (directory / f"{name}.json").write_text(json.dumps(entries), encoding="utf-8")
    return directory


def empty_database():
    """Take every canonical row out, as if nothing had ever been loaded."""
    for shape in reversed(shapes().values()):
        for field in shape.links:
            field.remote_field.through.objects.all().delete()
        shape.model._base_manager.all()._raw_delete("default")
    LoadedRow.objects.all().delete()


def record_tables():
    """Return the names of all tables that hold the record, or what was loaded of it."""
    return [
        model._meta.db_table
        for label in [*RECORD_APPS, "canonical"]
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
