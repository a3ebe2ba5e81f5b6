"""How many suggestions may come, at, below and above each limit."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from lunar.desk.models import Salt, Sending, Suggestion
from lunar.desk.suggestions import limits
from tests.factories import make_mission
from tests.html import Page

pytestmark = pytest.mark.django_db

HOME = "203.0.113.7"
LIMITS = {
    "PER_SENDER": (HOME, "mission:other"),
    "PER_SENDER_DAILY": (HOME, "mission:other"),
    "PER_RECORD": ("198.51.100.1", "missions.mission:luna-16"),
    "IN_ALL": ("198.51.100.1", "mission:other"),
}


def count(address=HOME, record="missions.mission:luna-16"):
    with transaction.atomic():
        limits.count(RequestFactory().get("/", REMOTE_ADDR=address), record)


def sent(number, address, record, ago):
    """Have `number` suggestions sent at one moment, without asking for a limit."""
    day = timezone.now().date()
    salt, _ = Salt.objects.get_or_create(day=day, defaults={"salt": "0" * 64})
    sender = limits._digest(limits._network(address), salt.salt)
    Sending.objects.bulk_create(
        Sending(sent_at=timezone.now() - ago, sender=sender, record=record) for _ in range(number)
    )


@pytest.mark.parametrize("name", LIMITS)
def test_below_a_limit_another_may_come(name):
    limit = getattr(limits, name)
    ago = limit.within - timedelta(minutes=2)
    sent(limit.number - 1, *LIMITS[name], ago=ago)

    count()

    assert Sending.objects.count() == limit.number


@pytest.mark.parametrize("above", [0, 1, 5])
@pytest.mark.parametrize("name", LIMITS)
def test_at_and_above_a_limit_none_may_come_and_it_is_told_until_when(name, above):
    limit = getattr(limits, name)
    sent(limit.number + above, *LIMITS[name], ago=limit.within - timedelta(minutes=2))

    with pytest.raises(limits.TooManyError) as error:
        count()

    assert 60 < error.value.seconds <= 120
    assert Sending.objects.count() == limit.number + above


@pytest.mark.parametrize("name", LIMITS)
def test_after_its_time_another_may_come(name):
    limit = getattr(limits, name)
    sent(limit.number, *LIMITS[name], ago=limit.within + timedelta(seconds=1))

    count()


def test_limit_ends_when_enough_have_left_the_window():
    limit = limits.PER_SENDER
    sent(1, *LIMITS["PER_SENDER"], ago=timedelta(minutes=50))
    sent(limit.number, *LIMITS["PER_SENDER"], ago=timedelta(minutes=10))

    with pytest.raises(limits.TooManyError) as error:
        count()

    assert 49 * 60 < error.value.seconds <= 50 * 60


def test_longest_wait_counts():
    sent(limits.PER_RECORD.number, *LIMITS["PER_RECORD"], ago=timedelta(minutes=1))
    sent(limits.PER_SENDER.number, *LIMITS["PER_SENDER"], ago=timedelta(minutes=1))

    with pytest.raises(limits.TooManyError) as error:
        count()

    assert error.value.seconds > 23 * 3600


def test_other_senders_and_records_have_limits_of_their_own():
    sent(limits.PER_SENDER.number, HOME, "mission:other", ago=timedelta(minutes=1))

    count(address="203.0.113.8")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_one_household_is_one_sender(one, other, same):
    for _ in range(limits.PER_SENDER.number):
        count(one)

    if same:
        with pytest.raises(limits.TooManyError):
            count(other)
    else:
        count(other)


def test_senders_are_counted_across_midnight(monkeypatch):
    now = timezone.now().replace(hour=23, minute=50)
    monkeypatch.setattr(limits.timezone, "now", lambda: now)
    for _ in range(limits.PER_SENDER.number):
        count()
    monkeypatch.setattr(limits.timezone, "now", lambda: now + timedelta(minutes=20))

    with pytest.raises(limits.TooManyError):
        count()


def test_no_address_is_stored_and_counts_are_thrown_away_with_their_salt(monkeypatch):
    count()
    [sending], [salt] = Sending.objects.all(), Salt.objects.all()
    assert HOME not in f"{sending.sender} {sending.record} {salt.salt}"
    now = timezone.now()
    monkeypatch.setattr(limits.timezone, "now", lambda: now + timedelta(days=2))

    count()

    assert sending not in Sending.objects.all()
    assert salt not in Salt.objects.all()


def test_same_address_has_another_hash_each_day(monkeypatch):
    count()
    first = Sending.objects.get().sender
    now = timezone.now()
    monkeypatch.setattr(limits.timezone, "now", lambda: now + timedelta(days=1))
    count()

    assert Sending.objects.get().sender != first


def test_reader_is_told_when_to_come_back_and_loses_nothing(send):
    mission = make_mission()
    for _ in range(limits.PER_SENDER.number):
        assert send(mission, value_launch="2021").status_code == 302

    response = send(mission, value_launch="2022", remark="Keep me.")

    assert response.status_code == 429
    assert 3500 < int(response["Retry-After"]) <= 3600
    assert response["Cache-Control"] == "private, no-store"
    assert "60 minutes" in response.content.decode()
    assert "Keep me." in response.content.decode()
    assert Page(response).problems == []
    assert Suggestion.objects.count() == limits.PER_SENDER.number


def test_what_is_not_taken_is_not_counted(send):
    for _ in range(limits.PER_SENDER.number + 1):
        assert send(make_mission(), source="").status_code == 400

    assert not Sending.objects.exists()
