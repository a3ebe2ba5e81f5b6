"""The pages that are measured, with their nearest equivalents at the peers.

Run as a program, in the environment of the site, it prints them as JSON with the number of queries
that each takes: a run of the benchmarks asks it so for each database.
"""

import json
import logging
import os
import signal
import sys
from dataclasses import asdict, dataclass, field

PER_PAGE = 50
DEEP = 5_000
FILTERED = 8  # values that a filtered page takes in turn
SEARCHED = ["basalt", "museum+paris", "goodwill", "stolen", "research+soil", "president+visit"]


@dataclass(frozen=True)
class Page:
    """One kind of page: its addresses at each server, asked for in turn; none where it has none."""

    name: str
    site: list[str]
    plain: list[str] = field(default_factory=list)
    datasette: list[str] = field(default_factory=list)
    rows: int = 0  # in a file of all rows
    draws_all: bool = False  # every record is in its picture, however many there are
    queries: int | None = None  # of the site, without the page cache

    def addresses(self, server):
        return {"plain": self.plain, "datasette": self.datasette}.get(server, self.site)


def find():
    """Return every Page, with addresses of records that the database has."""
    from django.db.models import Count, Q

    from diplomacy.models import Transfer
    from lunar.parties.models import Country
    from lunar.sources.models import Source
    from missions.models import Mission

    public = Transfer.objects.public()
    count = public.count()
    deep = min(DEEP, (count - 1) // PER_PAGE + 1)
    skipped = (deep - 1) * PER_PAGE
    by_number = public.order_by("pk").values_list("pk", flat=True)
    before = by_number[max(0, skipped - 1)]
    received = Count("transfers_received", filter=Q(transfers_received__is_public=True))
    recipients = Country.objects.public().annotate(n=received).order_by("-n", "code")
    countries = list(recipients[:FILTERED])
    transfer = public.exclude(summary="").order_by("-pk")[100]
    mission = Mission.objects.public().filter(landings__isnull=False).order_by("-pk")[10]
    source = Source.objects.filter(missioncitation_set__subject=mission).order_by("pk")[0]
    country = Country.objects.get(code="FR")
    ledger, plain, table = "/diplomacy/transfers/", "/transfers/", "/record/diplomacy_transfer"

    def record(name, site, plain, label):
        return Page(f"record: {name}", [site], [plain], [f"/record/{label}"])

    return [
        Page("front page", ["/"]),
        Page("list", [ledger], [plain], [f"{table}?_size=50"]),
        Page(
            "list of 100",
            [f"{ledger}?per_page=100"],
            [f"{plain}?per_page=100"],
            [f"{table}?_size=100"],
        ),
        Page(
            "deep page",
            [f"{ledger}?page={deep}"],
            [f"{plain}?page={deep}"],
            [f"{table}?_size=50&_next={before}"],
        ),
        Page(
            "filtered",
            [f"{ledger}?recipient={one.code}" for one in countries],
            [f"{plain}?recipient={one.pk}" for one in countries],
            [f"{table}?_size=50&recipient_id={one.pk}" for one in countries],
        ),
        Page(
            "sorted, indexed",
            [f"{ledger}?sort=status"],
            [f"{plain}?sort=status"],
            [f"{table}?_size=50&_sort=status"],
        ),
        Page(
            "sorted, other",
            [f"{ledger}?sort=-mass_g"],
            [f"{plain}?sort=-mass_g"],
            [f"{table}?_size=50&_sort_desc=mass_g"],
        ),
        Page(
            "search",
            [f"/search/?q={words}" for words in SEARCHED],
            [f"/search/?q={words}" for words in SEARCHED],
            [f"{table}?_size=20&_search={words}" for words in SEARCHED],
        ),
        record(
            "transfer",
            transfer.get_absolute_url(),
            f"/transfers/{transfer.slug}/",
            f"diplomacy_transfer/{transfer.pk}",
        ),
        record(
            "mission",
            mission.get_absolute_url(),
            f"/missions/{mission.slug}/",
            f"missions_mission/{mission.pk}",
        ),
        record(
            "country",
            country.get_absolute_url(),
            f"/countries/{country.code}/",
            f"parties_country/{country.pk}",
        ),
        record(
            "source",
            source.get_absolute_url(),
            f"/sources/{source.slug}/",
            f"sources_source/{source.pk}",
        ),
        Page("map", ["/missions/map/"], draws_all=True),
        Page("timeline", ["/missions/timeline/"], draws_all=True),
        Page(
            "API, 100 rows",
            ["/api/v1/transfers/?per_page=100&sources=included"],
            ["/api/transfers/?per_page=100"],
            [f"{table}.json?_size=100&_labels=on"],
        ),
        Page(
            "API, record",
            [f"/api/v1/transfers/{transfer.slug}/"],
            [f"/api/transfers/{transfer.slug}/"],
            [f"/record/diplomacy_transfer/{transfer.pk}.json"],
        ),
        Page(
            "CSV of everything",
            [f"{ledger}?format=csv"],
            ["/transfers.csv"],
            [f"{table}.csv?_stream=on&_size=max"],
            rows=count,
        ),
        Page("JSON of everything", [f"{ledger}?format=json"], rows=count),
    ]


def queries(page, most_seconds=10):
    """Return how many queries the site takes for a page; None if it takes too long."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    def give_up(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(most_seconds)
    try:
        client = Client(headers={"host": "127.0.0.1"})
        client.get("/about/")  # what the first request alone has to do
        with CaptureQueriesContext(connection) as captured:
            client.get(page.site[0])
        return len(captured)
    except TimeoutError:
        return None
    finally:
        signal.alarm(0)


def main():
    os.environ["LUNAR_PAGE_CACHE"] = "off"
    import django

    django.setup()
    logging.disable()  # lines about requests would stand among what is printed
    pages = [asdict(page) | {"queries": None if page.rows else queries(page)} for page in find()]
    json.dump(pages, sys.stdout)


if __name__ == "__main__":
    main()
