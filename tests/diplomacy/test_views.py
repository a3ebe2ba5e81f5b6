"""The public pages of diplomacy: what a reader sees, and only what is public."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lunar.parties.models import Country
from tests import factories as make

pytestmark = pytest.mark.django_db

LISTS = ["transfer-list", "display-list", "country-list", "agreement-list"]


@pytest.fixture
def gift():
    """A gift from China to France, told in two acts and disputed in its mass."""
    china, france = (
        make.make_country(name="China", code="CN"),
        make.make_country(name="France", code="FR"),
    )
    mission = make.make_mission(name="Chang'e 5", slug="chang-e-5")
    transfer = make.make_transfer(
        slug="china-france-2023",
        title="Chang'e 5 soil from China to France, 2023",
        giver=china,
        recipient=france,
        recipient_person=make.make_person(name="Emmanuel Macron"),
        recipient_office="President",
        missions=[mission],
        mass_g="1.5",
        summary="China gave France 1.5 g.",
        meaning="Friendship",
    )
    make.cite(transfer, "mass_g", quote="1.5 grams")
    make.cite(
        transfer, "mass_g", stance="disputes", stated_value="1.6 g", note="In one report only."
    )
    act = make.make_act(transfer, kind="given", date="2023-04-06", place="Beijing")
    make.cite(act, quote="handed over")
    museum = make.make_organization(name="Natural History Museum", country=france)
    make.make_act(transfer, kind="stored", date="2023-06", to_organization=museum, place="Paris")
    transfer.refresh_from_db()
    return transfer


def url(name, *args):
    return reverse(f"diplomacy:{name}", args=args)


def rows(response):
    return [row.record for row in response.context["table"].rows]


def text(response):
    return response.content.decode()


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# All lists


def make_row(name):
    if name == "transfer-list":
        make.make_act(make.make_transfer(series=make.make_series(), mass_g=1))
    elif name == "display-list":
        series = make.make_series(is_goodwill=True)
        transfer = make.make_transfer(series=series)
        make.make_act(transfer, kind="displayed", to_organization=make.make_organization())
    elif name == "country-list":
        make.make_act()
        make.make_adherence()
    else:
        make.make_adherence()


@pytest.mark.parametrize("name", LISTS)
def test_queries_of_a_list_do_not_grow_with_its_rows(client, name):
    make_row(name)
    few = queries(client, url(name))
    for _ in range(49):
        make_row(name)

    assert queries(client, url(name)) == few


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_so(client, name):
    response = client.get(url(name))

    assert response.status_code == 200
    assert rows(response) == []
    assert "<strong>0</strong>" in text(response)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "sort=nonsense",
        "kind=nonsense",
        "page=0",
        "per_page=7",
        pytest.param("q=%00&kind=%F0", id="bytes"),
    ],
)
def test_a_bad_value_is_told_and_lists_nothing(client, name, query):
    make_row(name)

    response = client.get(f"{url(name)}?{query}")

    assert response.status_code == 400
    assert rows(response) == []
    assert "field-error" in text(response)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_beyond_the_last_is_not_found(client, name):
    make_row(name)

    response = client.get(url(name), {"page": "9"})

    assert response.status_code == 404
    assert "There is no page 9" in text(response)


@pytest.mark.parametrize("name", LISTS)
def test_every_way_to_sort_works(client, name):
    make_row(name)
    make_row(name)
    form = client.get(url(name)).context["form"]

    for value, _ in form.fields["sort"].choices:
        assert client.get(url(name), {"sort": value}).status_code == 200


def test_drafts_are_in_no_list(client):
    make.make_act(make.make_transfer(title="Secret", state="draft"))
    series = make.make_series(is_goodwill=True)
    make.make_act(make.make_transfer(title="Secret", series=series, cited=False))
    make.make_adherence(make.make_agreement(name="Secret", state="draft"))
    make.make_act(make.make_transfer(giver=make.make_country(name="Secret", state="draft")))

    for name in ["display-list", "agreement-list", "country-list"]:
        assert "Secret" not in text(client.get(url(name)))
    ledger = client.get(url("transfer-list"))
    assert len(rows(ledger)) == 1
    assert "Secret" not in [label for _, label in ledger.context["form"].fields["giver"].choices]


# Section front


def test_the_front_links_each_figure_to_the_rows_it_was_counted_from(client, gift):
    make.make_act(make.make_transfer(), kind="refused")
    display = make.make_transfer(series=make.make_series(is_goodwill=True))
    make.make_act(display, kind="stolen")

    figures = client.get(url("home")).context["page"].figures

    counted = [figure for figure in figures if figure.value.isdigit()]
    assert len(counted) == 4
    for figure in counted:
        response = client.get(figure.url)
        assert response.context["count"] == int(figure.value), figure.label


def test_the_front_shows_practices_and_latest_transfers(client, gift):
    practice = make.make_practice(name="Panda diplomacy", summary="China lends pandas.")
    make.make_practice(name="Secret", state="draft")

    page = text(client.get(url("home")))

    assert f'<a href="{practice.get_absolute_url()}">Panda diplomacy</a>' in page
    assert "China lends pandas." in page
    assert gift.title in page.replace("&#x27;", "'")
    assert "Secret" not in page


def test_queries_of_the_front_do_not_grow(client, gift):
    few = queries(client, url("home"))
    for _ in range(20):
        make_row("display-list")
        make_row("transfer-list")
        make.make_practice()

    assert queries(client, url("home")) <= few + 2  # a table that was empty has rows now


def test_an_empty_front_says_so(client):
    assert "No transfer in the record yet." in text(client.get(url("home")))


# Ledger


def test_the_ledger_is_newest_first(client, gift):
    older = make.make_act(date="1978-05-22").transfer
    undated = make.make_transfer()

    assert rows(client.get(url("transfer-list"))) == [gift, older, undated]


@pytest.mark.parametrize(
    "query",
    [
        {"giver": "CN"},
        {"recipient": "FR"},
        {"holder": "FR"},
        {"mission": "chang-e-5"},
        {"status": "stored"},
        {"kind": "gift", "passed": "yes"},
        {"from": "2023", "to": "2023"},
        {"q": "macron"},
    ],
)
def test_the_ledger_is_filtered(client, gift, query):
    other = make.make_transfer(
        kind="loan", missions=[make.make_mission()], series=make.make_series()
    )
    make.make_act(other, kind="refused", date="2025")

    assert rows(client.get(url("transfer-list"), query)) == [gift]


def test_a_holder_that_holds_nothing_leaves_the_ledger_empty(client, gift):
    make.make_country(code="BE")

    assert rows(client.get(url("transfer-list"), {"holder": "BE"})) == []


@pytest.mark.parametrize("holder", ["nobody", "1", "X-NO"])
def test_a_holder_that_is_no_country_is_refused(client, gift, holder):
    assert client.get(url("transfer-list"), {"holder": holder}).status_code == 400


def test_a_series_is_introduced_above_its_transfers(client):
    series = make.make_series(
        slug="apollo-11", summary="Given to 135 nations.", recipients_stated="135 nations"
    )
    make.cite(series, "recipients_stated", stance="disputes", stated_value="134 nations")
    make.make_transfer(series=series)

    page = text(client.get(series.get_absolute_url()))

    assert "Given to 135 nations." in page
    assert "<strong>134 nations</strong>" in page


def test_facets_count_rows(client, gift):
    make.make_transfer(giver=gift.giver)

    choices = dict(client.get(url("transfer-list")).context["form"].fields["giver"].choices)

    assert choices["CN"] == "China (2)"


@pytest.mark.parametrize("by", ["giver", "recipient"])
def test_the_ledger_is_grouped_by_a_party(client, by):
    china, france = make.make_country(name="China"), make.make_country(name="France")
    new = make.make_act(make.make_transfer(**{by: france}), date="2025").transfer
    old = make.make_act(make.make_transfer(**{by: china}), date="1978").transfer

    response = client.get(url("transfer-list"), {"by": by})

    assert rows(response) == [old, new]
    assert next(response.context["table"].columns.iterall()).name == by
    assert f"by={by}" in response.context["canonical"]


def test_a_bad_grouping_is_told_beside_its_field(client, gift):
    response = client.get(url("transfer-list"), {"by": "colour"})

    assert response.status_code == 400
    assert "by" in response.context["form"].errors
    assert "colour is not one of the available choices" in text(response)


# Transfer


def test_a_transfer_shows_its_values_with_evidence_and_disputes(client, gift):
    page = text(client.get(gift.get_absolute_url()))

    assert "China gave France 1.5 g." in page
    assert "<q>1.5 grams</q>" in page
    assert "<strong>1.6 g</strong>" in page
    assert "In one report only." in page
    assert "Emmanuel Macron</a>, President" in page
    assert reverse("missions:mission-detail", args=["chang-e-5"]) in page


def test_a_transfer_tells_where_the_material_is_and_from_which_acts(client, gift):
    page = text(client.get(gift.get_absolute_url()))

    assert "Natural History Museum" in page
    assert "Follows from" in page
    for anchor in ["status", "holder", "place", "last_confirmed", "act-1", "act-2", "acts-heading"]:
        assert f'id="{anchor}"' in page


def test_an_act_shows_its_reason_as_a_quotation_and_what_others_say(client):
    act = make.make_act(kind="refused", quoted_reason="reasons known to all", note="So the column.")
    make.cite(act, "kind", stance="disputes", stated_value="talks still open")

    page = text(client.get(act.transfer.get_absolute_url()))

    assert "<blockquote>“reasons known to all”</blockquote>" in page
    assert "So the column." in page
    assert "Kind: <strong>talks still open</strong>" in page


def test_an_act_without_a_date_says_which_kind_of_nothing(client):
    act = make.make_act(date="", absent_values={"date": "unknown"})

    page = text(client.get(act.transfer.get_absolute_url()))

    assert '<span class="absent">Unknown after search</span>' in page


def test_a_transfer_without_acts_is_shown(client):
    page = text(client.get(make.make_transfer().get_absolute_url()))

    assert page.count("Not researched yet") > 1


def test_a_transfer_leads_to_what_is_connected(client, gift):
    answer = make.make_transfer(
        reciprocates=gift, giver=gift.recipient, recipient=gift.giver, title="Rock in return"
    )
    practice = make.make_practice(transfers=[gift])

    page = text(client.get(gift.get_absolute_url()))

    assert answer.get_absolute_url() in page
    assert practice.get_absolute_url() in page
    assert url("pair", "CN", "FR") in page


def test_what_is_not_public_is_neither_linked_nor_named(client):
    country = make.make_country(name="Ruritania", state="draft")
    mission = make.make_mission(name="Hidden", state="draft")
    series = make.make_series(name="Hidden series", state="draft")
    body = make.make_organization(name="Hidden body", state="draft")
    transfer = make.make_transfer(
        giver=country, recipient_organization=body, missions=[mission], series=series
    )
    act = make.make_act(transfer, from_country=country, to_organization=body)

    page = text(client.get(act.transfer.get_absolute_url()))

    assert "Ruritania" not in page
    assert "Hidden" not in page


@pytest.mark.parametrize("maker", [make.make_transfer, make.make_agreement, make.make_practice])
def test_drafts_and_uncited_records_have_no_page(client, maker):
    assert client.get(maker().get_absolute_url()).status_code == 200
    assert client.get(maker(state="draft").get_absolute_url()).status_code == 404
    assert client.get(maker(cited=False).get_absolute_url()).status_code == 404


def add_act(transfer):
    act = make.make_act(
        transfer,
        kind="confirmed",
        from_country=make.make_country(),
        to_organization=make.make_organization(),
        from_person=make.make_person(),
    )
    make.cite(act)
    make.cite(act, "date", stance="disputes", stated_value="1979")


def test_queries_of_a_transfer_do_not_grow_with_its_acts(client, gift):
    add_act(gift)
    few = queries(client, gift.get_absolute_url())
    for _ in range(19):
        add_act(gift)

    assert queries(client, gift.get_absolute_url()) == few


# Displays


@pytest.fixture
def displays():
    """One on display, one never confirmed and one stolen; the last went to a US state."""
    series = make.make_series(is_goodwill=True, slug="apollo-11", name="Apollo 11 displays")
    shown, never, stolen = (
        make.make_transfer(series=series, recipient=make.make_country(name=name, **more))
        for name, more in [("Chad", {}), ("Mali", {}), ("Ohio", {"kind": Country.Kind.US_STATE})]
    )
    make.make_act(shown, kind="displayed", date="1975", place="N'Djamena")
    make.make_act(stolen, kind="given", date="1970")
    make.make_act(stolen, kind="stolen", date="1980")
    make.make_transfer()
    return shown, never, stolen


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [0, 1, 2]),
        ({"sort": "last_confirmed"}, [2, 0, 1]),
        ({"sort": "-last_confirmed"}, [0, 2, 1]),
        ({"status": "on_display"}, [0]),
        ({"kind": "us_state"}, [2]),
        ({"whereabouts": "confirmed"}, [0]),
        ({"whereabouts": "never"}, [1]),
        ({"whereabouts": "gone"}, [2]),
        ({"series": "apollo-11", "q": "chad"}, [0]),
    ],
)
def test_displays_are_filtered_and_sorted(client, displays, query, expected):
    response = client.get(url("display-list"), query)

    assert rows(response) == [displays[i] for i in expected]


def test_displays_are_counted_by_status_above_the_list(client, displays):
    response = client.get(url("display-list"))

    counted = {row.status: (number, link) for row, number, link in response.context["statuses"]}
    assert {status: number for status, (number, _) in counted.items()} == {
        "not_researched": 1,
        "on_display": 1,
        "stolen": 1,
    }
    for number, link in counted.values():
        assert client.get(link).context["count"] == number


# Countries


def test_the_list_of_countries_has_those_that_take_part(client, gift):
    make.make_country(name="Nobody")

    response = client.get(url("country-list"))

    assert [country.name for country in rows(response)] == ["China", "France"]


@pytest.mark.parametrize(
    ("part", "names"),
    [("gave", ["China"]), ("received", ["France"]), ("named", ["China", "France"]), ("flew", [])],
)
def test_countries_are_filtered_by_the_part_they_played(client, gift, part, names):
    response = client.get(url("country-list"), {"part": part})

    assert [country.name for country in rows(response)] == names


def test_a_country_shows_what_it_gave_received_and_holds(client, gift):
    make.make_adherence(make.make_agreement(name="Moon Agreement"), gift.recipient)
    make.make_adherence(make.make_agreement(name="Secret", state="draft"), gift.recipient)

    china, france = (text(client.get(url("country-detail", code))) for code in ("CN", "FR"))

    assert 'id="gave"' in china
    assert "Nothing that China holds now is in the record." in china
    assert 'id="received"' in france
    assert "Natural History Museum, Paris; last confirmed" in france
    assert "Moon Agreement" in france
    assert "Secret" not in france
    for page in (china, france):
        assert url("pair", "CN", "FR") in page


def test_a_country_without_anything_says_so(client):
    page = text(client.get(make.make_country().get_absolute_url()))

    assert "yet.</p>" in page


def test_a_long_list_of_a_country_is_cut_and_leads_to_the_whole(client):
    country = make.make_country(code="US")
    for _ in range(26):
        make.make_transfer(giver=country)

    page = text(client.get(country.get_absolute_url()))

    assert f'href="{url("transfer-list")}?giver=US">All 26 in one list' in page


@pytest.mark.parametrize("code", ["cn", "Cn"])
def test_a_code_in_small_letters_leads_to_the_page(client, gift, code):
    response = client.get(url("country-detail", code))

    assert response.status_code == 301
    assert response.url == url("country-detail", "CN")


@pytest.mark.parametrize("code", ["ZZ", "zz", "DR", "CN%00"])
def test_an_unknown_country_is_not_found(client, gift, code):
    make.make_country(code="DR", state="draft")

    assert client.get(f"/diplomacy/countries/{code}/").status_code == 404


def test_queries_of_a_country_do_not_grow(client):
    country = make.make_country()

    def add():
        series = make.make_series(is_goodwill=True)
        body = make.make_organization(country=country)
        make.make_act(make.make_transfer(giver=country))
        make.make_act(make.make_transfer(recipient=country), to_organization=body)
        make.make_act(make.make_transfer(recipient=country, series=series))
        make.make_adherence(country=country)
        make.make_mission(countries=[country])
        make.make_country(part_of=country)
        make.cite(country)

    add()
    few = queries(client, country.get_absolute_url())
    for _ in range(19):
        add()

    assert queries(client, country.get_absolute_url()) == few


# Pairs


def test_a_pair_shows_both_directions(client, gift):
    back = make.make_transfer(giver=gift.recipient, recipient=gift.giver, reciprocates=gift)

    response = client.get(url("pair", "CN", "FR"))

    assert response.context["page"].transfers == [gift, back]
    assert "in return" in text(response)


@pytest.mark.parametrize("asked", [("FR", "CN"), ("cn", "fr"), ("fr", "CN")])
def test_a_pair_has_one_address(client, gift, asked):
    response = client.get(url("pair", *asked))

    assert response.status_code == 301
    assert response.url == url("pair", "CN", "FR")


@pytest.mark.parametrize("asked", [("CN", "CN"), ("CN", "cn"), ("CN", "ZZ"), ("ZZ", "YY")])
def test_no_pair_of_one_or_of_unknown_countries(client, gift, asked):
    assert client.get(url("pair", *asked)).status_code == 404


def test_a_pair_between_which_nothing_passed_says_so(client, gift):
    make.make_country(code="IT", name="Italy")

    page = text(client.get(url("pair", "CN", "IT")))

    assert "No transfer between China and Italy is in the record." in page
    assert "noindex" in page


def test_queries_of_a_pair_do_not_grow(client, gift):
    few = queries(client, url("pair", "CN", "FR"))
    for _ in range(20):
        make.make_act(make.make_transfer(giver=gift.recipient, recipient=gift.giver))

    assert queries(client, url("pair", "CN", "FR")) == few


# Agreements and practices


def test_an_agreement_shows_who_joined_and_who_left(client):
    agreement = make.make_agreement(name="Moon Agreement", long_name="Agreement governing…")
    stays, leaves = make.make_country(name="Chile"), make.make_country(name="Saudi Arabia")
    make.cite(make.make_adherence(agreement, stays, step="ratified", date="1981-11-12"))
    make.make_adherence(agreement, leaves, step="acceded", date="2012-07-18")
    make.make_adherence(agreement, leaves, step="withdrew", date="2024-01-05")
    draft = make.make_country(name="Ruritania", state="draft")
    make.make_adherence(agreement, draft, step="signed", date="")

    response = client.get(agreement.get_absolute_url())
    page = text(response)

    assert response.context["page"].country_count == 1
    assert "withdrew later" in page
    assert "badge-withdrew" in page
    assert f'id="adherence-{leaves.code}-withdrew"' in page
    assert "Ruritania" not in page


def test_queries_of_an_agreement_do_not_grow(client):
    agreement = make.make_agreement()
    make.cite(make.make_adherence(agreement, organization=make.make_organization()))
    few = queries(client, agreement.get_absolute_url())
    for _ in range(19):
        make.cite(make.make_adherence(agreement, organization=make.make_organization()))

    assert queries(client, agreement.get_absolute_url()) == few


def test_a_practice_shows_its_origin_and_who_disputes_it(client, gift):
    pandas = make.make_practice(name="Panda diplomacy")
    series = make.make_series(name="Apollo 11 displays", slug="apollo-11")
    make.make_transfer(series=series)
    make.make_transfer(series=series, state="draft")
    practice = make.make_practice(
        name="Lunar-sample diplomacy",
        origin="Apollo 11 displays, 1969",
        follows=pandas,
        series=[series, make.make_series(name="Secret", state="draft")],
        transfers=[gift, make.make_transfer(title="Secret", state="draft")],
    )
    make.cite(practice, "origin")
    make.cite(practice, "origin", stance="disputes", stated_value="A gift to China in 1978")

    page = text(client.get(practice.get_absolute_url()))

    assert "<strong>A gift to China in 1978</strong>" in page
    assert pandas.get_absolute_url() in page
    assert "1 transfer" in page
    assert gift.get_absolute_url() in page
    assert "Secret" not in page
    assert practice.get_absolute_url() in text(client.get(pandas.get_absolute_url()))


def test_queries_of_a_practice_do_not_grow(client, gift):
    practice = make.make_practice(transfers=[gift], series=[make.make_series()])
    few = queries(client, practice.get_absolute_url())
    for _ in range(20):
        practice.transfers.add(make.make_transfer())
        practice.series.add(make.make_series())

    assert queries(client, practice.get_absolute_url()) == few


@pytest.mark.parametrize(
    "address",
    [
        "/diplomacy/transfers/none/",
        "/diplomacy/agreements/none/",
        "/diplomacy/practices/none/",
        "/diplomacy/none/",
    ],
)
def test_an_unknown_address_is_not_found(client, address):
    assert client.get(address).status_code == 404
