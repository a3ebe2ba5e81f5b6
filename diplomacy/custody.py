"""What follows from the acts of a transfer: status, holder, place, last confirmation.

The rules are the table EFFECTS; `custody` folds the acts of one transfer over it, oldest first.
"""

from dataclasses import asdict, dataclass, field

from django.db import models

from lunar.edtf import EdtfDate


class Status(models.TextChoices):
    """Where a transfer stands. Derived from its acts, never typed in."""

    NOT_RESEARCHED = "not_researched", "Not researched yet"
    OFFERED = "offered", "Offered"
    REQUESTED = "requested", "Requested"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    BLOCKED = "blocked", "Blocked by law"
    GIVEN = "given", "Given"
    LENT = "lent", "On loan"
    EXCHANGED = "exchanged", "Exchanged"
    RETURNED = "returned", "Returned"
    HELD = "held", "Held"
    ON_DISPLAY = "on_display", "On display"
    STORED = "stored", "In storage"
    CONSUMED = "consumed", "Consumed"
    MISSING = "missing", "Missing"
    STOLEN = "stolen", "Stolen"
    SEIZED = "seized", "Seized"
    RECOVERED = "recovered", "Recovered"
    DESTROYED = "destroyed", "Destroyed"
    SOLD = "sold", "Sold"
    NEVER_DELIVERED = "never_delivered", "Never delivered"
    NOT_LUNAR = "not_lunar", "Found not to be lunar"

    @classmethod
    def sought(cls):
        """The statuses in which nothing has passed from one party to the other."""
        return {cls.OFFERED, cls.REQUESTED, cls.APPROVED, cls.REFUSED, cls.BLOCKED}


KEEPS, TAKES, ENDS = "keeps", "takes", "ends"


@dataclass(frozen=True)
class Effect:
    """What one kind of act does.

    `holder`: KEEPS leaves who holds it, TAKES makes the act's `to` party the holder, ENDS leaves
    nobody known. `confirms`: somebody saw the material on the day of the act. `stays`: the place
    of the act is where the material then is; elsewhere it is only where the act happened, as a
    ceremony in Beijing for a gift to Russia.
    """

    status: Status | None
    holder: str = KEEPS
    confirms: bool = False
    stays: bool = False


EFFECTS = {
    "offered": Effect(Status.OFFERED),
    "requested": Effect(Status.REQUESTED),
    "approved": Effect(Status.APPROVED),
    "refused": Effect(Status.REFUSED),
    "blocked": Effect(Status.BLOCKED),
    "given": Effect(Status.GIVEN, TAKES, confirms=True),
    "lent": Effect(Status.LENT, TAKES, confirms=True),
    "exchanged": Effect(Status.EXCHANGED, TAKES, confirms=True),
    "returned": Effect(Status.RETURNED, TAKES, confirms=True),
    "consumed_in_part": Effect(None, confirms=True),
    "consumed": Effect(Status.CONSUMED, ENDS),
    "moved": Effect(Status.HELD, TAKES, confirms=True, stays=True),
    "confirmed": Effect(Status.HELD, TAKES, confirms=True, stays=True),
    "displayed": Effect(Status.ON_DISPLAY, TAKES, confirms=True, stays=True),
    "stored": Effect(Status.STORED, TAKES, confirms=True, stays=True),
    "searched": Effect(Status.MISSING, ENDS),
    "stolen": Effect(Status.STOLEN, ENDS),
    "seized": Effect(Status.SEIZED, TAKES, confirms=True),
    "recovered": Effect(Status.RECOVERED, TAKES, confirms=True),
    "lost": Effect(Status.MISSING, ENDS),
    "destroyed": Effect(Status.DESTROYED, ENDS),
    "sold": Effect(Status.SOLD, TAKES, confirms=True),
    "never_delivered": Effect(Status.NEVER_DELIVERED, ENDS),
    "not_lunar": Effect(Status.NOT_LUNAR),
}

PASSING = {"given", "lent", "exchanged", "sold"}
CHANGES_HANDS = PASSING | {"seized"}  # without a named taker, nobody known holds it any more


@dataclass(frozen=True)
class Holder:
    """Keys of the country, organisation and person that hold something; None where not known."""

    country_id: int | None = None
    organization_id: int | None = None
    person_id: int | None = None

    def __bool__(self):
        return any(asdict(self).values())


@dataclass
class Custody:
    """The state of a transfer after some of its acts."""

    status: Status = Status.NOT_RESEARCHED
    status_is_disputed: bool = False
    holder: Holder = field(default_factory=Holder)
    place: str = ""
    date: EdtfDate | str = ""
    last_confirmed: EdtfDate | str = ""

    def as_columns(self):
        """Return the values as columns of Transfer."""
        columns = {
            "status": str(self.status),
            "status_is_disputed": self.status_is_disputed,
            "place": self.place,
        }
        for party, key in asdict(self.holder).items():
            columns[f"holder_{party}"] = key
        for name in ("date", "last_confirmed"):
            when = getattr(self, name)
            columns[name] = str(when)
            columns[f"{name}_earliest"] = when.earliest if when else None
            columns[f"{name}_latest"] = when.latest if when else None
        return columns


def custody(transfer):
    """Return what follows from the acts of `transfer` as loaded, or else as the database has them.

    The date of a transfer is that of the first act by which material passed, or else of the last
    act that sought it. A status is disputed when a source disputes that the act behind it happened.
    """
    state = Custody()
    passed = False
    for act in transfer.acts.all() if transfer.pk else ():
        effect = EFFECTS[act.kind]
        on_loan = state.status == Status.LENT and effect.status == Status.HELD
        if effect.status and not on_loan:  # what is seen at the borrower's is still lent
            state.status = effect.status
            state.status_is_disputed = any(
                c.stance == "disputes" and c.field in {"", "kind"} for c in act.citations.all()
            )
        if effect.holder == ENDS:
            state.holder, state.place = Holder(), ""
        elif effect.holder == TAKES:
            taker = _taker(act, transfer)
            if effect.stays and act.place:
                state.place = act.place
            elif taker != state.holder and (taker or act.kind in CHANGES_HANDS):
                state.place = ""
            if taker or act.kind in CHANGES_HANDS:
                state.holder = taker
        if effect.confirms and act.date:
            state.last_confirmed = act.date
        if act.kind in PASSING and not passed:
            state.date, passed = act.date, True
        elif effect.status in Status.sought() and not passed:
            state.date = act.date
    return state


def _taker(act, transfer):
    """Return who holds the material after `act`: its `to` party, or who its kind implies."""
    named = Holder(act.to_country_id, act.to_organization_id, act.to_person_id)
    if named:
        return named
    if act.kind in PASSING - {"sold"}:
        return Holder(
            transfer.recipient_id, transfer.recipient_organization_id, transfer.recipient_person_id
        )
    if act.kind == "returned" and transfer.kind == "loan":
        return Holder(transfer.giver_id, transfer.giver_organization_id, transfer.giver_person_id)
    return Holder()
