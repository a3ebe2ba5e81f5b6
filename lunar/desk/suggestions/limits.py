"""How many suggestions may come: from one address, on one record, and in all.

All processes count together, in the database. An address is never stored: only a hash of it, with a
salt that is made afresh each day and thrown away, with all counts made with it, soon after.
"""

import math
import secrets
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.utils import timezone
from django.utils.crypto import salted_hmac

from lunar.clients import client_address
from lunar.desk.models import Salt, Sending


@dataclass(frozen=True)
class Limit:
    """At most `number` suggestions within any such time."""

    number: int
    within: timedelta


PER_SENDER = Limit(6, timedelta(hours=1))
PER_SENDER_DAILY = Limit(20, timedelta(days=1))
PER_RECORD = Limit(20, timedelta(days=1))
IN_ALL = Limit(100, timedelta(hours=1))

LONGEST_WINDOW = timedelta(days=1)
IPV6_NETWORK = 64  # bits of an address: as much as one household or office gets


class TooManyError(Exception):
    """A limit is reached; in `seconds` another suggestion may come."""

    def __init__(self, seconds):
        super().__init__(f"Too many suggestions: come back in {seconds} s.")
        self.seconds = seconds


def count(request, record):
    """Count a suggestion on `record` (a text that names it), in the caller's transaction.

    Raises TooManyError, counting nothing, where a limit is reached.
    """
    now = timezone.now()
    salts = _salts(now.date())
    Sending.objects.filter(sent_at__lte=now - LONGEST_WINDOW).delete()
    address = _network(client_address(request))
    own = Sending.objects.filter(sender__in=[_digest(address, salt) for salt in salts])
    waits = [
        _wait(own, PER_SENDER, now),
        _wait(own, PER_SENDER_DAILY, now),
        _wait(Sending.objects.filter(record=record), PER_RECORD, now),
        _wait(Sending.objects.all(), IN_ALL, now),
    ]
    if any(waits):
        raise TooManyError(max(waits))
    Sending.objects.create(sent_at=now, sender=_digest(address, salts[0]), record=record)


def _wait(sendings, limit, now):
    """Return for how many seconds more these sendings reach `limit`; 0 if they do not."""
    latest = sendings.filter(sent_at__gt=now - limit.within).order_by("-sent_at")
    decisive = latest.values_list("sent_at", flat=True)[limit.number - 1 : limit.number].first()
    if decisive is None:
        return 0
    return max(1, math.ceil((decisive + limit.within - now).total_seconds()))


def _salts(today):
    """Return today's salt and yesterday's; today's is locked, so that one process counts at a time.

    Yesterday's is kept as long as a window reaches back to it.
    """
    Salt.objects.get_or_create(day=today, defaults={"salt": secrets.token_hex()})
    Salt.objects.filter(day__lt=today - LONGEST_WINDOW).delete()
    kept = Salt.objects.select_for_update().filter(day__lte=today).order_by("-day")
    return [one.salt for one in kept]


def _network(address):
    one = ip_address(address)
    if one.version == 4:
        return str(one)
    if one.ipv4_mapped:
        return str(one.ipv4_mapped)
    return str(ip_network((one, IPV6_NETWORK), strict=False))


def _digest(address, salt):
    return salted_hmac(salt, address, algorithm="sha256").hexdigest()
