import json
import pickle
from datetime import date

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations import AddField
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.forms.models import modelform_factory
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lunar.edtf import (
    EdtfBoundField,
    EdtfDate,
    EdtfError,
    EdtfField,
    EdtfFormField,
    chronological,
    date_range_check,
    overlaps,
)
from lunar.edtf.dates import ACCEPTED_FORMS

from .strategies import edtf_dates, edtf_texts

# In a registry of their own, so that no command ever finds them.
with isolate_apps("lunar"):

    class Dated(models.Model):
        happened = EdtfField(blank=True, index_bounds=True)

        class Meta:
            abstract = True
            app_label = "lunar"

    class Launch(Dated):
        name = models.CharField(max_length=20)
        decayed = EdtfField("decay date", blank=True)

        class Meta:
            app_label = "lunar"
            ordering = [*chronological("happened"), "name"]
            constraints = [date_range_check("happened", name="launch_happened_range")]

        def __str__(self):
            return self.name


BOUNDS = ("happened_earliest", "happened_latest")
MAY = (date(1978, 5, 1), date(1978, 5, 31))


@pytest.fixture(scope="module", autouse=True)
def launch_table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Launch)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Launch)


def stored(launch):
    """What the database has, past all descriptors."""
    columns = Launch.objects.filter(pk=launch.pk).values_list("happened", *BOUNDS)
    return columns.get()


def test_model_has_three_columns_for_each_date():
    names = [field.name for field in Launch._meta.local_fields]

    assert sorted(names) == sorted(
        ["id", "name", "happened", *BOUNDS, "decayed", "decayed_earliest", "decayed_latest"]
    )
    assert all(Launch._meta.get_field(name).db_index for name in BOUNDS)
    assert not Launch._meta.get_field("decayed_latest").db_index
    assert [f.name for f in Dated._meta.local_fields] == ["happened"]
    assert Launch.check(databases=["default"]) == []


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [
        ("1978-05", "1978-05"),
        (" 1978-05 ", "1978-05"),
        (EdtfDate("1978-05"), "1978-05"),
        (date(1978, 5, 2), "1978-05-02"),
        ("", ""),
        (None, ""),
    ],
)
def test_attribute_is_a_date_or_an_empty_string(given_value, kept):
    launch = Launch(happened=given_value)

    assert launch.happened == kept
    assert isinstance(launch.happened, EdtfDate if kept else str)


def test_bounds_follow_the_text_at_once():
    launch = Launch(happened="1978-05")
    assert (launch.happened_earliest, launch.happened_latest) == MAY

    launch.happened = "../1970"
    assert (launch.happened_earliest, launch.happened_latest) == (None, date(1970, 12, 31))

    launch.happened = ""
    assert (launch.happened_earliest, launch.happened_latest) == (None, None)


def test_bounds_cannot_be_set():
    launch = Launch(happened="1978-05", happened_earliest=date(1900, 1, 1))
    launch.happened_latest = date(1999, 1, 1)

    assert (launch.happened_earliest, launch.happened_latest) == MAY


@pytest.mark.django_db
def test_save_and_load():
    launch = Launch.objects.create(happened="1978-05")

    loaded = Launch.objects.get(happened="1978-05")

    assert stored(launch) == ("1978-05", *MAY)
    assert isinstance(loaded.happened, EdtfDate)
    assert isinstance(stored(loaded)[0], EdtfDate)


def test_pickle(monkeypatch):
    monkeypatch.setattr("django.db.models.base.apps", Launch._meta.apps)

    launch = pickle.loads(pickle.dumps(Launch(happened="1978-05")))  # noqa: S301

    assert (launch.happened, launch.happened_latest) == ("1978-05", MAY[1])


@pytest.mark.django_db
def test_saving_again_moves_and_empties_the_bounds():
    launch = Launch.objects.create(happened="1978-05")

    launch.happened = "1980/.."
    launch.save()
    assert stored(launch) == ("1980/..", date(1980, 1, 1), None)

    launch.happened = ""
    launch.save()
    assert stored(launch) == ("", None, None)


@pytest.mark.django_db
def test_update_fields_takes_the_bounds_along():
    launch = Launch.objects.create(name="Luna 1")
    launch.name, launch.happened = "Luna 2", "1978-05"

    launch.save(update_fields=["happened"])

    assert stored(launch) == ("1978-05", *MAY)
    assert Launch.objects.get().name == "Luna 1"


@pytest.mark.django_db
def test_update_fields_without_the_text_leaves_the_bounds():
    launch = Launch.objects.create(name="Luna 1", happened="1978-05")
    launch.name, launch.happened = "Luna 2", "1980"

    launch.save(update_fields=["name"])

    assert stored(launch) == ("1978-05", *MAY)


@pytest.mark.django_db
def test_update_or_create():
    Launch.objects.create(name="Luna 1", happened="1970")

    launch, created = Launch.objects.update_or_create(
        name="Luna 1", defaults={"happened": "1978-05"}
    )

    assert not created
    assert stored(launch) == ("1978-05", *MAY)


@pytest.mark.django_db
def test_bulk_create_and_bulk_update():
    (launch,) = Launch.objects.bulk_create([Launch(happened="1970")])
    assert stored(launch) == ("1970", date(1970, 1, 1), date(1970, 12, 31))

    launch.happened = "1978-05"
    Launch.objects.bulk_update([launch], ["happened", *BOUNDS])
    assert stored(launch) == ("1978-05", *MAY)


@pytest.mark.django_db
def test_fixtures_hold_the_text_and_load_all_three(monkeypatch):
    monkeypatch.setattr("django.core.serializers.python.apps", Launch._meta.apps)
    dumped = serializers.serialize("json", [Launch(name="Luna 1", happened="1978-05")])
    assert json.loads(dumped)[0]["fields"] == {
        "name": "Luna 1",
        "happened": "1978-05",
        "decayed": "",
    }

    (loaded,) = serializers.deserialize("json", dumped)
    loaded.save()

    assert stored(loaded.object) == ("1978-05", *MAY)


def test_fixture_with_an_invalid_date_is_refused(monkeypatch):
    monkeypatch.setattr("django.core.serializers.python.apps", Launch._meta.apps)
    fixture = json.dumps([{"model": "lunar.launch", "pk": 1, "fields": {"happened": "May 1978"}}])

    with pytest.raises(DeserializationError, match="Did you mean 1978-05"):
        list(serializers.deserialize("json", fixture))


@pytest.mark.django_db
@pytest.mark.parametrize("deferred", ["happened", "happened_earliest"])
def test_deferred_columns(deferred):
    pk = Launch.objects.create(happened="1978-05").pk

    launch = Launch.objects.defer(deferred).get(pk=pk)
    assert launch.happened_earliest == MAY[0]
    assert launch.happened == "1978-05"

    launch = Launch.objects.defer(deferred).get(pk=pk)
    launch.happened = "1980"
    launch.save()
    assert stored(launch) == ("1980", date(1980, 1, 1), date(1980, 12, 31))


@pytest.mark.django_db
def test_only_one_column(django_assert_num_queries):
    launch = Launch.objects.create(happened="1978-05")

    with django_assert_num_queries(1):
        assert Launch.objects.only("happened_latest").get().happened_latest == MAY[1]
    with django_assert_num_queries(1):
        assert Launch.objects.only("happened").get().happened_latest == MAY[1]
    with django_assert_num_queries(2):
        Launch.objects.only("name").get().save()
    assert stored(launch) == ("1978-05", *MAY)


@pytest.mark.django_db
def test_refresh_from_db():
    launch = Launch.objects.create(happened="1978-05")
    launch.happened = "1980"

    launch.refresh_from_db(fields=["happened"])
    assert launch.happened_earliest == MAY[0]

    launch.happened = "1980"
    launch.refresh_from_db()
    assert (launch.happened, launch.happened_latest) == ("1978-05", MAY[1])


def test_cleaning_refuses_what_is_no_date():
    launch = Launch(name="Luna 1", happened="22 May 1978")

    with pytest.raises(ValidationError) as refusal:
        launch.full_clean(validate_constraints=False)

    (message,) = refusal.value.message_dict["happened"]
    assert "Did you mean 1978-05-22?" in message
    assert ACCEPTED_FORMS in message


@pytest.mark.django_db
def test_cleaning_accepts_dates_and_blanks():
    for text in ("1978-05", "1971%", ""):
        Launch(name="Luna 1", happened=text).full_clean()


def test_cleaning_requires_a_date_unless_blank():
    field = EdtfField()

    with pytest.raises(ValidationError):
        field.clean("", None)
    assert field.clean(" 1978 ", None) == "1978"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "write",
    [
        lambda: Launch.objects.create(happened="22 May 1978"),
        lambda: Launch.objects.bulk_create([Launch(happened="22 May 1978")]),
        lambda: Launch.objects.update(happened="22 May 1978"),
        lambda: models.Model.save_base(Launch(happened="22 May 1978"), raw=True),
    ],
)
def test_no_way_of_writing_stores_an_invalid_date(write):
    Launch.objects.create()

    with pytest.raises(EdtfError, match="Did you mean 1978-05-22"):
        write()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"happened": "1978-05"},
        {"happened_earliest": date(1978, 5, 1)},
        {"happened_latest": date(1978, 5, 1)},
    ],
)
def test_constraint_ties_text_and_bounds(columns):
    launch = Launch.objects.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        Launch.objects.filter(pk=launch.pk).update(**columns)


@pytest.mark.django_db
def test_lookups_compare_text():
    Launch.objects.create(happened="1978-05")

    assert Launch.objects.filter(happened="1978-05").exists()
    assert Launch.objects.filter(happened__startswith="197").exists()
    assert Launch.objects.filter(happened__in=["1978-05", "1980"]).exists()
    assert not Launch.objects.filter(happened="1978").exists()
    assert not Launch.objects.filter(happened="no date").exists()


def test_form_field():
    form_class = modelform_factory(Launch, fields=["name", "happened"])
    form = form_class({"name": "Luna 1", "happened": " 1978-05 "})

    assert isinstance(form.fields["happened"], EdtfFormField)
    assert form.fields["happened"].help_text == ACCEPTED_FORMS
    assert 'autocomplete="off"' in str(form["happened"])
    assert 'spellcheck="false"' in str(form["happened"])
    assert isinstance(form.fields["happened"].clean(" 1978-05 "), EdtfDate)


@pytest.mark.django_db
def test_form_saves_and_refuses():
    form_class = modelform_factory(Launch, fields=["name", "happened"])

    launch = form_class({"name": "Luna 1", "happened": "1978-05"}).save()
    refused = form_class({"name": "Luna 1", "happened": "<b>May 1978"}, instance=launch)

    assert stored(launch) == ("1978-05", *MAY)
    assert "is not a date in EDTF" in refused.errors["happened"][0]
    assert "&lt;b&gt;May 1978" in refused.as_p()
    assert not form_class({"name": "Luna 1", "happened": "1978-05"}, instance=launch).has_changed()


def test_form_field_alone():
    field = EdtfFormField(required=False, help_text="When it left.")

    assert field.help_text == "When it left."
    assert field.clean("") == ""
    with pytest.raises(forms.ValidationError, match="‘100%s’ is not a date in EDTF"):
        field.clean("100%s")


def launch_state(model_state):
    state = ProjectState()
    state.add_model(model_state)
    return state


def test_migrations_name_all_columns_once():
    state = ModelState.from_model(Launch)
    historical = launch_state(state).apps.get_model("lunar", "Launch")

    names = [field.name for field in historical._meta.local_fields]
    assert sorted(names) == sorted(field.name for field in Launch._meta.local_fields)
    assert historical(happened="1978-05").happened_latest == MAY[1]

    text, imports = MigrationWriter.serialize(state.fields["happened"])
    assert text == "lunar.edtf.fields.EdtfField(add_bounds=False, blank=True, max_length=40)"
    assert imports == {"import lunar.edtf.fields"}
    text, _ = MigrationWriter.serialize(state.fields["happened_earliest"])
    assert text == "lunar.edtf.fields.EdtfBoundField(db_index=True)"


def changes(before, after):
    detector = MigrationAutodetector(before, after, MigrationQuestioner({"ask_rename": True}))
    return [op for m in detector._detect_changes().get("lunar", []) for op in m.operations]


def test_migrations_see_no_change_where_there_is_none():
    assert not changes(
        launch_state(ModelState.from_model(Launch)), launch_state(ModelState.from_model(Launch))
    )


def test_migration_that_adds_a_date_adds_each_column_in_turn():
    after = launch_state(ModelState.from_model(Launch))
    before = launch_state(ModelState.from_model(Launch))
    for name in ("decayed", "decayed_earliest", "decayed_latest"):
        before.remove_field("lunar", "launch", name)

    operations = changes(before, after)

    assert {(type(op), op.name) for op in operations} == {
        (AddField, "decayed"),
        (AddField, "decayed_earliest"),
        (AddField, "decayed_latest"),
    }
    for operation in operations:
        operation.state_forwards("lunar", before)
        columns = before.models["lunar", "launch"].fields
        rendered = before.apps.get_model("lunar", "Launch")
        assert {field.name for field in rendered._meta.local_fields} == set(columns)


@pytest.fixture
def no_launches_left(transactional_db):
    yield
    Launch.objects.all().delete()  # the flush after such a test knows only installed models


@pytest.mark.usefixtures("no_launches_left")
def test_sqlite_can_rebuild_the_table():
    launch = Launch.objects.create(happened="1978-05")
    constraint = models.CheckConstraint(condition=~models.Q(name="x"), name="launch_not_x")

    with connection.schema_editor() as editor:
        editor.add_constraint(Launch, constraint)
        editor.remove_constraint(Launch, constraint)

    assert stored(launch) == ("1978-05", *MAY)


@pytest.mark.django_db
def test_chronological_puts_empty_dates_last_either_way():
    texts = ["", "1978-05", "1969/1970", "../1960", "1978-05-01", "1990/..", "1978"]
    Launch.objects.bulk_create(Launch(happened=text) for text in texts)

    in_order = Launch.objects.values_list("happened", flat=True)
    dates = ["../1960", "1969/1970", "1978", "1978-05-01", "1978-05", "1990/.."]

    assert list(in_order) == [*dates, ""]
    assert list(in_order.order_by(*chronological("happened", descending=True))) == [
        *reversed(dates),
        "",
    ]


@pytest.mark.django_db
@given(st.lists(edtf_dates, max_size=6))
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_chronological_agrees_with_sort_key(dates):
    Launch.objects.all().delete()
    Launch.objects.bulk_create(Launch(happened=when) for when in dates)

    in_order = Launch.objects.order_by(*chronological("happened"))

    assert [launch.happened.sort_key for launch in in_order] == sorted(d.sort_key for d in dates)


def may_share_a_day(one, other):
    starts = max(one.earliest or date.min, other.earliest or date.min)
    return starts <= min(one.latest or date.max, other.latest or date.max)


@pytest.mark.django_db
@given(st.lists(edtf_dates | st.just(""), max_size=6), edtf_dates)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_overlaps_agrees_with_plain_python(dates, wanted):
    Launch.objects.all().delete()
    Launch.objects.bulk_create(Launch(happened=when) for when in dates)

    found = Launch.objects.filter(overlaps("happened", wanted)).values_list("happened", flat=True)

    assert sorted(found) == sorted(when for when in dates if when and may_share_a_day(when, wanted))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("1978", ["../1980", "1970/..", "1978-05"]),
        ("../1969", ["../1980"]),
        ("1979/..", ["../1980", "1970/.."]),
        ("1978-05-31/1978-06-30", ["../1980", "1970/..", "1978-05"]),
        ("1978-06", ["../1980", "1970/.."]),
    ],
)
@pytest.mark.django_db
def test_overlaps(wanted, found):
    texts = ["", "../1980", "1970/..", "1978-05"]
    Launch.objects.bulk_create(Launch(happened=text) for text in texts)

    rows = Launch.objects.filter(overlaps("happened", EdtfDate(wanted)))

    assert sorted(rows.values_list("happened", flat=True)) == found


@given(edtf_texts)
def test_cleaning_a_date_keeps_its_text(text):
    assert EdtfField().clean(f" {text}", None) == text
    assert isinstance(EdtfBoundField().to_python("1978-05-01"), date)
