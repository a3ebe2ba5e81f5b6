"""Two versions of one record brought together, without a database."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lunar.canonical.reader import RecordError
from lunar.canonical.rows import entry, make_row
from lunar.canonical.shapes import shapes
from lunar.desk.reconcile import Side, UndecidedError, reconcile
from missions.models import (
    Landing,
    LandingCitation,
    Mission,
    MissionCitation,
    Spacecraft,
)

LUNA = ["luna-16"]


def row(model, pk=None, **fields):
    shape = shapes()[model]
    return make_row(shape, shape.defaults | fields, pk)


def mission(**fields):
    return row(Mission, pk=1, slug="luna-16", name="Luna 16", **fields)


def landing(number, **fields):
    return row(Landing, pk=number, mission=LUNA, number=number, **fields)


def craft(number, **fields):
    return row(Spacecraft, pk=number, mission=LUNA, number=number, **fields)


def citation(source, pk=None, model=MissionCitation, subject=LUNA, **fields):
    return row(model, pk=pk, subject=subject, source=[source], **fields)


def entries(rows):
    return {row.identity: entry(row) for row in rows}


def same(one, other):
    return entries(one) == entries(other)


def test_a_value_that_only_they_changed_is_theirs():
    merge = reconcile([mission()], [mission(aim="Theirs.")], [mission()])

    assert merge.rows()[0].fields["aim"] == "Theirs."
    assert [(c.name, c.side) for c in merge.changes] == [("aim", Side.THEIRS)]


def test_values_that_different_people_changed_are_both_kept():
    merge = reconcile([mission()], [mission(aim="Theirs.")], [mission(result="Mine.")])

    [merged] = merge.rows()
    assert (merged.fields["aim"], merged.fields["result"]) == ("Theirs.", "Mine.")
    assert merge.of(Side.CLASH) == []


def test_the_same_change_made_twice_is_no_clash():
    merge = reconcile([mission()], [mission(aim="Same.")], [mission(aim="Same.")])

    assert merge.rows()[0].fields["aim"] == "Same."
    assert [(c.name, c.side) for c in merge.changes] == [("aim", Side.BOTH)]


def test_different_changes_of_one_value_wait_for_a_choice():
    merge = reconcile([mission(aim="Old.")], [mission(aim="Theirs.")], [mission(aim="Mine.")])

    [clash] = merge.of(Side.CLASH)
    assert (clash.base, clash.theirs, clash.mine) == ("Old.", "Theirs.", "Mine.")
    with pytest.raises(UndecidedError) as raised:
        merge.rows({clash.token: "neither"})
    assert raised.value.clashes == [clash]
    assert merge.rows({clash.token: Side.MINE})[0].fields["aim"] == "Mine."
    assert merge.rows({clash.token: "theirs"})[0].fields["aim"] == "Theirs."


def test_lists_of_links_are_merged_as_sets():
    base = [mission(countries=[["SU"], ["US"]])]
    theirs = [mission(countries=[["CN"], ["SU"], ["US"]])]
    mine = [mission(countries=[["FR"], ["US"]])]

    merge = reconcile(base, theirs, mine)

    assert merge.rows()[0].fields["countries"] == [["CN"], ["FR"], ["US"]]
    assert {(c.part, c.side) for c in merge.changes} == {
        (("CN",), Side.THEIRS),
        (("FR",), Side.MINE),
        (("SU",), Side.MINE),
    }


def test_reasons_why_values_are_missing_are_merged_one_by_one():
    base = [mission(absent_values={"launch": "unknown", "aim": "unknown"})]
    theirs = [mission(absent_values={"launch": "not_given", "aim": "unknown"})]
    mine = [mission(absent_values={"launch": "unknown", "result": "unknown"})]

    [merged] = reconcile(base, theirs, mine).rows()

    assert merged.fields["absent_values"] == {"launch": "not_given", "result": "unknown"}


def test_a_position_is_never_half_theirs_and_half_mine():
    base = [mission(), landing(1, latitude="1", longitude="2")]
    theirs = [mission(), landing(1, latitude="1", longitude="20")]
    mine = [mission(), landing(1, latitude="10", longitude="2")]

    merge = reconcile(base, theirs, mine)

    [clash] = merge.of(Side.CLASH)
    merged = merge.rows({clash.token: Side.MINE})[1].fields
    assert (merged["latitude"], merged["longitude"]) == ("10", "2")


def test_rows_that_either_side_added_are_all_there():
    base = [mission()]
    merge = reconcile(base, [*base, landing(1)], [*base, landing(2)])

    assert same(merge.rows(), [*base, landing(1), landing(2)])


def test_a_row_that_one_side_deleted_and_the_other_left_alone_is_gone():
    base = [mission(), landing(1), landing(2)]
    merge = reconcile(base, [mission(), landing(1)], [mission(), landing(2)])

    assert same(merge.rows(), [mission()])
    assert {(str(c.line.row), c.side) for c in merge.changes} == {
        ("missions.landing:luna-16/1", Side.MINE),
        ("missions.landing:luna-16/2", Side.THEIRS),
    }


@pytest.mark.parametrize("deleter", [Side.THEIRS, Side.MINE])
def test_a_row_deleted_by_one_and_changed_by_the_other_waits_for_a_choice(deleter):
    base, gone = [mission(), landing(1)], [mission()]
    changed = [mission(), landing(1, site_name="Mare Crisium")]
    theirs, mine = (gone, changed) if deleter == Side.THEIRS else (changed, gone)

    merge = reconcile(base, theirs, mine)

    [clash] = merge.of(Side.CLASH)
    assert clash.name == ""
    assert same(merge.rows({clash.token: Side.THEIRS}), theirs)
    assert same(merge.rows({clash.token: Side.MINE}), mine)


def test_evidence_added_to_a_part_that_somebody_deleted_is_not_lost_with_it():
    cited = citation("pravda", pk=9, model=LandingCitation, subject=[*LUNA, 1])
    base = [mission(), landing(1)]

    merge = reconcile(base, [*base, cited], [mission()])

    [clash] = merge.of(Side.CLASH)
    assert same(merge.rows({clash.token: Side.THEIRS}), [*base, cited])
    assert same(merge.rows({clash.token: Side.MINE}), [mission()])


def test_a_citation_of_which_each_side_changed_another_value_stays_one():
    base = [mission(), citation("pravda", field="launch", stated_value="12 September")]
    theirs = [mission(), citation("pravda", pk=5, field="launch", stated_value="13 September")]
    mine = [
        mission(),
        citation("pravda", pk=5, field="launch", stated_value="12 September", locator="p. 2"),
    ]

    merged = reconcile(base, theirs, mine).rows()

    assert same(
        merged,
        [
            mission(),
            citation("pravda", field="launch", stated_value="13 September", locator="p. 2"),
        ],
    )


def test_a_citation_whose_stated_value_both_changed_waits_for_a_choice():
    def stating(value):
        return [mission(), citation("pravda", pk=5, field="launch", stated_value=value)]

    merge = reconcile(stating("12"), stating("13"), stating("14"))

    [clash] = merge.of(Side.CLASH)
    assert (clash.name, clash.theirs, clash.mine) == ("stated_value", "13", "14")
    assert same(merge.rows({clash.token: Side.MINE}), stating("14"))


def test_references_follow_a_row_whose_name_changes():
    base = [mission(), craft(1, name="Lander"), landing(1, spacecraft=[*LUNA, 1])]
    renumbered = row(Spacecraft, pk=1, mission=LUNA, number=7, name="Lander")
    mine = [mission(), renumbered, landing(1, spacecraft=[*LUNA, 7])]
    theirs = [mission(), craft(1, name="Lander"), landing(1, spacecraft=[*LUNA, 1], kind="soft")]

    merged = reconcile(base, theirs, mine).rows()

    assert same(merged, [mission(), renumbered, landing(1, spacecraft=[*LUNA, 7], kind="soft")])


def test_a_state_that_i_changed_is_asked_for_even_where_nobody_else_did():
    base, theirs = [mission(state="draft")], [mission(state="draft", aim="Theirs.")]

    merge = reconcile(base, theirs, [mission(state="published")], ask=("state",))

    [clash] = merge.of(Side.CLASH)
    [merged] = merge.rows({clash.token: Side.THEIRS})
    assert merged.as_object.state == "draft"


def test_without_a_known_beginning_every_difference_is_a_clash():
    theirs = [mission(aim="Theirs."), landing(1), citation("pravda", pk=3)]
    mine = [mission(result="Mine."), landing(1), landing(2)]

    merge = reconcile(None, theirs, mine)

    clashes = merge.of(Side.CLASH)
    assert {(str(c.line.row), c.name) for c in clashes} == {
        ("missions.mission:luna-16", "aim"),
        ("missions.mission:luna-16", "result"),
        ("missions.missioncitation:luna-16//pravda/supports/", ""),
        ("missions.landing:luna-16/2", ""),
    }
    assert same(merge.rows({clash.token: Side.THEIRS for clash in clashes}), theirs)
    assert same(merge.rows({clash.token: Side.MINE for clash in clashes}), mine)


def test_two_rows_that_would_become_one_are_refused():
    def stating(*values):
        return [
            mission(),
            *(citation("pravda", pk=n, stated_value=v) for n, v in enumerate(values, start=1)),
        ]

    merge = reconcile(stating("1", "2"), stating("1", "3"), stating("3", "2"))

    with pytest.raises(RecordError, match="there twice"):
        merge.rows()


# Whatever is changed

# The first row of all works out the shape of every model.
whatever = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = ["", "One.", "Two.", "Three."]
COUNTRIES = ["CN", "SU", "US"]


@st.composite
def records(draw):
    """A mission with some landings, craft and citations; each part always under the same key."""
    fields = {name: draw(st.sampled_from(TEXTS)) for name in ("aim", "result", "launch_site")}
    fields["countries"] = draw(st.sets(st.sampled_from(COUNTRIES)).map(keys_of))
    kinds = st.sampled_from(["unknown", "not_given"])
    fields["absent_values"] = draw(st.dictionaries(st.sampled_from(["launch", "ended"]), kinds))
    rows = [mission(**fields)]
    crafts = draw(st.sets(st.integers(1, 3)))
    rows += [craft(n, name=draw(st.sampled_from(TEXTS[1:]))) for n in sorted(crafts)]
    landings = sorted(draw(st.sets(st.integers(1, 3))))
    for number in landings:
        flown = draw(st.sampled_from([None, *([*LUNA, n] for n in sorted(crafts))]))
        place = draw(st.sampled_from([None, "1", "2"]))
        rows.append(
            landing(
                number,
                spacecraft=flown,
                site_name=draw(st.sampled_from(TEXTS)),
                latitude=place,
                longitude=place,
            )
        )
    for number in landings:
        for source in sorted(draw(st.sets(st.sampled_from(["pravda", "tass"])))):
            pk = 10 * number + len(source)
            subject = [*LUNA, number]
            quote = draw(st.sampled_from(TEXTS))
            rows.append(citation(source, pk, LandingCitation, subject, quote=quote))
    return rows


@whatever
@given(records(), records())
def test_where_one_side_changed_nothing_the_other_stands(base, changed):
    assert same(reconcile(base, changed, base).rows(), changed)
    assert same(reconcile(base, base, changed).rows(), changed)
    assert same(reconcile(base, changed, changed).rows(), changed)


@whatever
@given(records(), records(), records())
def test_changes_in_different_places_are_all_kept(base, theirs, mine):
    one = [theirs[0], *base[1:]]
    other = [base[0], *mine[1:]]

    assert same(reconcile(base, one, other).rows(), [theirs[0], *mine[1:]])


@whatever
@given(records(), records(), records())
def test_no_change_is_dropped_without_being_listed(base, theirs, mine):
    changes = reconcile(base, theirs, mine).changes
    rows = {change.line.row.identity for change in changes if not change.name}
    values = {(change.line.row.identity, change.name) for change in changes}
    for identity, name in [*changed(base, theirs), *changed(base, mine)]:
        first = {"longitude": "latitude"}.get(name, name)  # told together
        row_and_owners = {identity, (Landing, identity[1][:2])}
        added_by_both = not name and identity in {of for of, _ in values}
        assert (identity, first) in values or row_and_owners & rows or added_by_both


@whatever
@given(records(), records(), records())
def test_what_one_side_changed_alone_does_not_depend_on_the_choices(base, theirs, mine):
    merge = reconcile(base, theirs, mine)
    clashes = [clash.token for clash in merge.of(Side.CLASH)]
    merged = [entries(merge.rows(dict.fromkeys(clashes, side))) for side in ("theirs", "mine")]
    disputed = {c.line.row.identity for c in merge.of(Side.CLASH) if not c.name}
    for change in [*merge.of(Side.THEIRS), *merge.of(Side.MINE)]:
        identity = change.line.row.identity
        if change.name and identity not in disputed and change.part is None:
            name, version = change.name, getattr(change, change.side)
            wanted = version[0] if isinstance(version, tuple) else version
            for rows in merged:
                fields = rows[identity]["fields"]
                assert fields.get(name, change.line.row.shape.defaults[name]) == wanted


def changed(before, after):
    """Yield (identity, field) of all that differs, the field "" for a row that came or went."""
    old, new = ({row.identity: row for row in rows} for rows in (before, after))
    for identity in old.keys() | new.keys():
        if identity in old and identity in new:
            for name in old[identity].differing_fields(new[identity]):
                yield identity, name
        else:
            yield identity, ""


def keys_of(codes):
    return [[code] for code in sorted(codes)]
