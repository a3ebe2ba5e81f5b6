"""What the record pages put together, apart from how they look."""

from decimal import Decimal

import pytest

from diplomacy.countries import partners, taking_part
from diplomacy.models import Act, Practice, Transfer
from diplomacy.pages import CountryPage, HomePage, PairPage, TransferPage
from diplomacy.pages.country import code_label
from diplomacy.pages.home import rounded
from diplomacy.pages.pair import matched
from diplomacy.pages.practice import numbered
from diplomacy.pages.transfer import parties
from lunar.parties.models import Country
from lunar.sources.models.record import Absence
from tests import factories as make

pytestmark = pytest.mark.django_db


def page_of(transfer):
    return TransferPage(Transfer.objects.get(pk=transfer.pk))


def fact(facts, name):
    return next(fact for fact in facts if fact.name == name)


def test_holder_place_and_status_follow_without_footnotes_of_their_own():
    transfer = make.make_transfer()
    make.make_act(transfer, kind="displayed", date="2019-07-30", place="Tegucigalpa")

    standing = page_of(transfer).standing
    assert [f.name for f in standing] == ["status", "holder", "place", "last_confirmed"]
    assert fact(standing, "place").value == "Tegucigalpa"
    assert not any(f.numbers for f in standing)


def test_a_holder_that_a_source_states_has_its_footnote_and_its_dispute():
    transfer = make.make_transfer()
    make.make_act(transfer, kind="given")
    make.cite(transfer, "holder")
    make.cite(transfer, "holder", stance="disputes", stated_value="A private collector")

    holder = fact(page_of(transfer).standing, "holder")
    assert len(holder.notes) == 1
    assert holder.disputes[0].citation.stated_value == "A private collector"


def test_a_transfer_only_sought_has_no_whereabouts():
    transfer = make.make_act(kind="refused").transfer

    assert [f.name for f in page_of(transfer).standing] == ["status"]


def test_missing_whereabouts_say_which_kind_of_nothing():
    transfer = make.make_act(kind="stolen", date="").transfer

    standing = page_of(transfer).standing
    assert fact(standing, "holder").absence == Absence.UNKNOWN
    assert fact(standing, "last_confirmed").absence == Absence.NOT_RESEARCHED


def test_a_person_is_shown_with_the_office_held_then():
    nixon = make.make_person(name="Richard Nixon")
    transfer = make.make_transfer(giver_person=nixon, giver_office="President")

    value = fact(page_of(transfer).facts, "giver_person").value
    assert value == f'<a href="{nixon.get_absolute_url()}">Richard Nixon</a>, President'


def test_a_mass_is_shown_with_the_words_of_the_source():
    transfer = make.make_transfer(mass_g="1", mass_as_stated="one gram of <lunar> soil")

    value = fact(page_of(transfer).facts, "mass_g").value
    assert value.startswith("1 g ")
    assert "“one gram of &lt;lunar&gt; soil”" in value


def test_what_answers_a_draft_is_not_told():
    draft = make.make_transfer(state="draft")
    transfer = make.make_transfer(reciprocates=draft)
    answer = make.make_transfer(reciprocates=transfer)
    make.make_transfer(reciprocates=transfer, state="draft")

    page = page_of(transfer)
    assert "reciprocates" not in [f.name for f in page.facts]
    assert page.returned_by == [answer]


def test_a_practice_counts_each_public_transfer_that_belongs_to_it_once():
    series, unseen = make.make_series(), make.make_series(state="draft")
    of_both = make.make_transfer(series=series)
    make.make_transfer(series=series, state="draft")
    make.make_transfer(series=unseen)
    named = [of_both, make.make_transfer(series=unseen), make.make_transfer()]
    practice = make.make_practice(
        series=[series, unseen], transfers=[*named, make.make_transfer(state="draft")]
    )
    empty = make.make_practice()
    make.make_transfer(series=make.make_series())

    found = numbered(Practice.objects.public())

    assert {one.pk: one.transfer_count for one in found} == {practice.pk: 3, empty.pk: 0}


def test_practices_are_those_of_the_transfer_and_of_its_series():
    series = make.make_series()
    transfer = make.make_transfer(series=series)
    of_both = make.make_practice(series=[series], transfers=[transfer])
    of_series = make.make_practice(series=[series])
    make.make_practice()
    make.make_practice(transfers=[transfer], state="draft")

    assert set(page_of(transfer).practices) == {of_both, of_series}
    assert page_of(make.make_transfer()).practices == []


def test_other_transfers_of_the_pair_go_both_ways():
    one, other = make.make_country(), make.make_country()
    transfer = make.make_transfer(giver=one, recipient=other)
    back = make.make_transfer(giver=other, recipient=one)
    make.make_transfer(giver=other, recipient=one, state="draft")

    assert page_of(transfer).others_of_pair == [back]


@pytest.mark.parametrize("side", ["giver", "recipient"])
def test_there_is_no_pair_without_two_public_countries(side):
    transfer = make.make_transfer(**{side: make.make_country(state="draft")})

    assert page_of(transfer).pair is None


def test_the_parties_of_an_act_are_named_as_in_a_sentence():
    states = make.make_country(name="United States", name_in_text="the United States")
    china, draft = make.make_country(name="China"), make.make_country(state="draft")
    china_link = f'<a href="{china.get_absolute_url()}">China</a>'
    link = f'<a href="{states.get_absolute_url()}">the United States</a>'

    requested = Act(kind="requested", from_country=states, to_country=china)
    seized = Act(kind="seized", from_country=draft, to_country=states)
    given = Act(kind="given", from_country=states, to_country=china)
    assert parties(requested) == [("by", link), ("from", china_link)]
    assert parties(seized) == [("by", link)]
    assert parties(given) == [("by", link), ("to", china_link)]


def test_reciprocal_transfers_share_a_row():
    one, other = make.make_country(), make.make_country()
    soil = make.make_transfer(giver=one, recipient=other)
    rock = make.make_transfer(giver=other, recipient=one, reciprocates=soil)
    more = make.make_transfer(giver=other, recipient=one, reciprocates=rock)
    alone = make.make_transfer(giver=one, recipient=other)

    rows = matched([rock, soil, more, alone], one)
    assert [(row.from_one, row.from_other) for row in rows] == [
        ([soil], [rock, more]),
        ([alone], []),
    ]
    assert [row.is_matched for row in rows] == [True, False]


def test_transfers_that_answer_each_other_in_a_ring_share_a_row():
    one, other = make.make_country(), make.make_country()
    first = make.make_transfer(giver=one, recipient=other)
    second = make.make_transfer(giver=other, recipient=one, reciprocates=first)
    first.reciprocates = second
    first.save()

    assert len(matched([first, second], one)) == 1


def test_a_pair_leads_to_the_same_two_in_other_times():
    russia, states = make.make_country(name="Russia"), make.make_country(name="United States")
    union = make.make_country(kind=Country.Kind.FORMER_STATE, successors=[russia])
    make.make_transfer(giver=union, recipient=states)

    assert [pair[:2] for pair in PairPage(russia, states).related] == [(union, states)]
    assert PairPage(union, states).related == []


def test_a_country_holds_what_it_or_a_body_of_it_holds():
    france, other = make.make_country(), make.make_country()
    museum = make.make_organization(country=france)
    held = make.make_transfer(title="A")
    make.make_act(held, kind="displayed", to_organization=museum)
    elsewhere = make.make_transfer(title="B")
    make.make_act(elsewhere, kind="confirmed", to_organization=museum, to_country=other)
    draft = make.make_transfer(state="draft")
    make.make_act(draft, kind="given", to_country=france)

    assert CountryPage(france).held.records == [held]
    assert CountryPage(other).held.records == [elsewhere]


def test_figures_of_a_country_lead_to_its_sections():
    country = make.make_country()
    make.make_transfer(giver=country)
    make.make_adherence(country=country)
    make.make_mission(countries=[country])
    make.make_mission(countries=[country], state="draft")

    assert [(anchor, n) for anchor, _, n in CountryPage(country).figures] == [
        ("gave", 1),
        ("missions", 1),
        ("agreements", 1),
    ]


def test_a_former_state_says_its_time_and_who_followed():
    russia = make.make_country(name="Russia")
    draft = make.make_country(name="Ruritania", state="draft")
    union = make.make_country(
        kind=Country.Kind.FORMER_STATE,
        valid_from="1922-12-30",
        valid_to="1991-12-26",
        successors=[russia, draft],
    )

    facts = CountryPage(union).facts
    assert "30 December 1922" in fact(facts, "valid_from").value
    assert "26 December 1991" in fact(facts, "valid_to").value
    assert fact(facts, "successors").value == f'<a href="{russia.get_absolute_url()}">Russia</a>'
    assert "predecessors" in [f.name for f in CountryPage(russia).facts]


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("CN", "ISO 3166-1 code"),
        ("SUHH", "ISO 3166-3 code"),
        ("US-AL", "ISO 3166-2 code"),
        ("X-UN", "Code in this record"),
    ],
)
def test_a_code_says_by_which_standard(code, label):
    assert code_label(Country(code=code)) == label


def test_partners_are_counted_in_both_directions_without_drafts():
    country, often, once = make.make_country(), make.make_country(), make.make_country()
    make.make_transfer(giver=country, recipient=often)
    make.make_transfer(giver=often, recipient=country)
    make.make_transfer(giver=country, recipient=once)
    make.make_transfer(giver=country, recipient=once, state="draft")
    make.make_transfer(giver=country, recipient=make.make_country(state="draft"))
    make.make_transfer(giver=country, recipient=country)

    assert partners(country) == [(often, 2), (once, 1)]


def test_countries_that_take_part_are_counted_by_what_took_place():
    giver, recipient, asked = make.make_country(), make.make_country(), make.make_country()
    make.make_act(make.make_transfer(giver=giver, recipient=recipient), kind="given")
    make.make_act(make.make_transfer(giver=asked, recipient=recipient), kind="refused")
    make.make_act(make.make_transfer(giver=giver, recipient=recipient, state="draft"))
    flier = make.make_country()
    make.make_mission(countries=[flier, giver])
    agreement = make.make_agreement()
    make.make_adherence(agreement, flier, step="signed")
    make.make_adherence(agreement, flier, step="ratified")
    make.make_country()
    make.make_adherence(make.make_agreement(state="draft"))

    counts = {
        c: (c.given_count, c.received_count, c.held_count, c.mission_count, c.agreement_count)
        for c in taking_part()
    }
    assert counts == {
        giver: (1, 0, 0, 1, 0),
        recipient: (0, 1, 1, 0, 0),
        asked: (0, 0, 0, 0, 0),
        flier: (0, 0, 0, 1, 1),
    }


def test_figures_of_the_section_are_computed_from_public_records():
    given = make.make_transfer(mass_g="1.5")
    make.make_act(given, kind="given")
    make.make_act(make.make_transfer(), kind="given")
    make.make_act(make.make_transfer(mass_g="7", mass_certainty="planned"), kind="refused")
    make.make_act(make.make_transfer(mass_g="100", state="draft"), kind="given")
    display = make.make_transfer(series=make.make_series(is_goodwill=True))
    make.make_act(display, kind="stolen")

    figures = {figure.label: figure.value for figure in HomePage().figures}
    assert figures == {
        "transfers that took place": "3",
        "countries, states and other parties that received or hold material": "3",
        "given (mass known for 1 of 3 transfers)": "1.5 g",
        "sought or offered, but nothing passed": "1",
        "goodwill displays missing, stolen or destroyed": "1",
    }


def test_a_sum_of_rough_masses_claims_no_more_than_three_figures():
    make.make_act(make.make_transfer(mass_g="46.5523", mass_certainty="about"), kind="given")

    assert "about 46.6 g" in [figure.value for figure in HomePage().figures]
    assert rounded(Decimal("0.0504")) == Decimal("0.0504")


def test_only_displays_that_somebody_saw_and_that_are_not_gone_wait_to_be_seen_again():
    series = make.make_series(is_goodwill=True)
    seen, gone, never = (make.make_transfer(series=series) for _ in range(3))
    make.make_act(seen, kind="displayed", date="1973")
    make.make_act(gone, kind="displayed", date="1970")
    make.make_act(gone, kind="stolen", date="1980")

    assert HomePage().longest_unseen.records == [seen]
    assert never.last_confirmed == ""


def test_agreements_joined_on_one_day_are_in_the_order_of_their_addresses():
    country = make.make_country()
    for slug in ("b", "c", "a"):
        make.make_adherence(make.make_agreement(slug=slug), country, date="2012-07-18")

    steps = CountryPage(country).adherences
    assert [adherence.agreement.slug for adherence in steps] == ["a", "b", "c"]
