"""What is wrong with the record: each check yields findings, and a sound record yields none.

The checks are about the record as a whole, beyond what forms and the database refuse row by row;
those about time are in `lunar.canonical.chronology`, those of the evidence in
`lunar.canonical.evidence`.
"""

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import Q

from diplomacy.models import Act, Transfer
from lunar.canonical import chronology, country_codes, evidence
from lunar.canonical.findings import Finding, finding
from lunar.canonical.loader import silent
from lunar.canonical.shapes import shapes
from lunar.parties.models import Country
from lunar.sources import derivation
from lunar.sources.models import Source
from missions.models import Landing, Mission, SampleReturn

# Acts by which material left the stock that a mission brought.
LEAVING = {Act.Kind.GIVEN, Act.Kind.LENT, Act.Kind.EXCHANGED}


def findings(today=None, progress=silent):
    """Yield everything that is wrong with the record; `today` decides which plans are overdue.

    `progress` is called with how many of the checks are done, and of how many.
    """
    for _, found in findings_by_check(today, progress):
        yield from found


def findings_by_check(today=None, progress=silent):
    """Yield (title of a check, list of its findings) for every check."""
    checks = {
        "Derived columns": wrong_derivations,
        "Invalid values": invalid_rows,
        "Broken tables": broken_tables,
        "Published without a citation": evidence.uncited_records,
        "Values without a citation": evidence.uncited_values,
        "Missions out of order": chronology.missions_out_of_order,
        "Acts out of order": chronology.acts_out_of_order,
        "Spans out of order": chronology.spans_out_of_order,
        "Plans whose date has passed": partial(chronology.overdue_plans, today or date.today()),
        "Mass overdrafts": overdrawn_samples,
        "Samples from the wrong side": contradicted_sides,
        "Native names without a language": names_without_language,
        "Native names missing": native_names_missing,
        "Unknown country codes": unknown_country_codes,
        "Sources that may be the same": duplicate_sources,
    }
    for number, (title, check) in enumerate(checks.items(), start=1):
        yield title, list(check())
        progress("checks", number, len(checks))


def wrong_derivations():
    """Yield derived columns that are not what follows from the record."""
    for model in derivation.derived_models():
        for record, differences in derivation.compared(model):
            for name, (stored, computed) in differences.items():
                yield finding(record, name, f"is {stored!r}, but {computed!r} follows.")


def repair_derivations():
    """Write every derived column that is wrong; yield a finding for each that was."""
    for model in derivation.derived_models():
        for record, differences in derivation.refreshed(model):
            for name, (stored, computed) in differences.items():
                yield finding(record, name, f"was {stored!r}, is now {computed!r}.")


def invalid_rows():
    """Yield what the models say against their rows; constraints are the database's to hold."""
    for model, shape in shapes().items():
        relations = [field.name for field in shape.columns if field.is_relation]
        related = [name for name in relations if name in {field.name for field in shape.key}]
        for row in model._base_manager.select_related(*related):
            try:
                row.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    for message in messages:
                        yield finding(row, name if name in shape.fields else "", message)


def broken_tables():
    """Yield what the database itself finds broken: foreign keys, and on SQLite all else, too."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield Finding("the database", "", str(error))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for (message,) in cursor.execute("PRAGMA integrity_check").fetchall():
                if message != "ok":
                    yield Finding("the database", "", message)


def overdrawn_samples():
    """Yield missions of which more was given, lent and exchanged than they brought.

    A transfer of several missions' material counts for none of them: the shares are not known.
    """
    left = defaultdict(Decimal)
    passed = Transfer.objects.filter(mass_g__isnull=False).exclude(
        Q(mass_certainty=Transfer.MassCertainty.PLANNED) | Q(status=Transfer.Status.RETURNED)
    )
    for transfer in passed.prefetch_related("missions", "acts"):
        missions = transfer.missions.all()
        if len(missions) == 1 and LEAVING.intersection(act.kind for act in transfer.acts.all()):
            left[missions[0].pk] += transfer.mass_g
    for sample in SampleReturn.objects.select_related("mission").exclude(mass_g=None):
        if left[sample.mission_id] > sample.mass_g:
            message = f"{left[sample.mission_id]} g passed on, but only {sample.mass_g} g returned."
            yield finding(sample, "mass_g", message)


def contradicted_sides():
    """Yield samples from another side of the Moon than their mission's landings."""
    for sample in SampleReturn.objects.select_related("mission").exclude(side=""):
        landings = Landing.objects.filter(mission=sample.mission, kind=Landing.Kind.SOFT)
        sides = set(landings.exclude(side="").values_list("side", flat=True))
        if sides and sample.side not in sides:
            yield finding(sample, "side", "is not the side on which its mission landed.")


def names_without_language():
    """Yield native names without the language they are in."""
    for model, shape in shapes().items():
        if "native_name" in shape.fields:
            for row in model._base_manager.filter(native_language="").exclude(native_name=""):
                yield finding(row, "native_language", f"is missing for {row.native_name}.")


def native_names_missing():
    """Yield missions without a native name, of programmes that have one, unless they say why."""
    missions = Mission.objects.filter(native_name="").exclude(programme=None)
    for mission in missions.exclude(programme__native_name="").select_related("programme"):
        if "native_name" not in mission.absent_values:
            yield finding(mission, "native_name", f"is missing; {mission.programme} has one.")


def unknown_country_codes():
    """Yield countries whose code ISO 3166 does not know."""
    for country in Country.objects.all():
        if not country_codes.is_known(country.code):
            yield finding(country, "code", "is not in ISO 3166.")


def duplicate_sources():
    """Yield sources whose addresses differ only in scheme, www or a closing slash."""
    seen = {}
    for source in Source.objects.exclude(url="").order_by("slug"):
        address = re.sub(r"^https?://(www\.)?", "", source.url.lower()).rstrip("/")
        first = seen.setdefault(address, source)
        if first is not source:
            yield finding(source, "url", f"is the address of {first.slug} as well.")
