"""The timeline: flights to the Moon above, what was done with their material beneath."""

from datetime import date
from functools import cached_property

from django import forms
from django.http import QueryDict

from diplomacy.models import Act
from lunar.edtf import chronological
from lunar.pictures import MOST_DRAWN
from lunar.pictures.moments import Moment
from lunar.serving.remembered import remembered
from missions.timeline import BY_COUNTRY, BY_PROGRAMME, mission_moment_count, mission_moments

SOUGHT, PASSED, SEEN, FATE = "Sought", "Passed", "Seen since", "Lost and found"
ACT_LANES = (PASSED, SOUGHT, FATE, SEEN)

# kind of act: (lane, shape)
ACTS = {
    "offered": (SOUGHT, "ring"),
    "requested": (SOUGHT, "ring"),
    "approved": (SOUGHT, "disc"),
    "refused": (SOUGHT, "cross"),
    "blocked": (SOUGHT, "cross"),
    "given": (PASSED, "square"),
    "lent": (PASSED, "square-open"),
    "exchanged": (PASSED, "pair"),
    "sold": (PASSED, "diamond"),
    "returned": (PASSED, "diamond-open"),
    "consumed_in_part": (FATE, "half"),
    "consumed": (FATE, "half"),
    "moved": (SEEN, "bar"),
    "confirmed": (SEEN, "bar"),
    "displayed": (SEEN, "bar"),
    "stored": (SEEN, "bar"),
    "searched": (FATE, "up-open"),
    "stolen": (FATE, "up"),
    "seized": (FATE, "up"),
    "recovered": (FATE, "plus"),
    "lost": (FATE, "up"),
    "destroyed": (FATE, "up"),
    "never_delivered": (FATE, "cross"),
    "not_lunar": (FATE, "cross"),
}


class TimelineForm(forms.Form):
    """What the address of the timeline may ask for."""

    by = forms.ChoiceField(
        label="Lanes",
        required=False,
        choices=[("", "By country"), (BY_COUNTRY, "By country"), (BY_PROGRAMME, "By programme")],
        error_messages={"invalid_choice": "Write country or programme."},
    )
    decade = forms.ChoiceField(
        label="Decade",
        required=False,
        error_messages={"invalid_choice": "There is no such decade in the record."},
    )

    def __init__(self, data, decades):
        super().__init__(data)
        self.fields["decade"].choices = [("", "All years"), *((d, d) for d in decades)]


class Timeline:
    """All moments of the public record; `params` choose the lanes and the decade.

    Nine queries, whatever the number of rows. Of more than MOST_DRAWN moments (`is_crowded`) none
    is read: no page could hold them, and a picture of them would tell nothing.
    """

    def __init__(self, params):
        by = params.get("by")
        self.count = remembered("moments", _count)
        self.is_crowded = self.count > MOST_DRAWN
        self.launches, self.landings, self.acts = [], [], []
        if not self.is_crowded:
            lanes = by if by == BY_PROGRAMME else BY_COUNTRY
            self.launches, self.landings = mission_moments(lanes)
            self.acts = act_moments()
        self.everything = [*self.launches, *self.landings, *self.acts]
        self.dated = sorted(
            (moment for moment in self.everything if moment.date),
            key=lambda moment: (moment.start, moment.end, moment.name),
        )
        self.undated = [moment for moment in self.everything if not moment.date]
        self.form = TimelineForm({} if self.is_crowded else params, self.decades)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        self.by, self.decade = asked.get("by") or BY_COUNTRY, asked.get("decade", "")

    @cached_property
    def decades(self):
        """Return every decade of the record: ["1950s", "1960s", …]."""
        if not self.dated:
            return []
        first = self.dated[0].start.year // 10
        last = max(moment.end for moment in self.dated).year // 10
        return [f"{n}0s" for n in range(first, last + 1)]

    @property
    def start(self):
        return years_of(self.decade or self.decades[0])[0]

    @property
    def end(self):
        return years_of(self.decade or self.decades[-1])[1]

    def of(self, decade):
        """Return the moments that may lie in a decade; one of uncertain date may be in two."""
        start, end = years_of(decade)
        return [moment for moment in self.dated if moment.within(start, end)]

    @property
    def shown(self):
        """The moments that the picture draws: those of the decade, or all that have a date."""
        return self.of(self.decade) if self.decade else self.dated

    def link(self, **changes):
        """Return the query string of this timeline with `changes`."""
        query = QueryDict(mutable=True)
        asked = {"by": "" if self.by == BY_COUNTRY else self.by, "decade": self.decade} | changes
        query.update({name: value for name, value in asked.items() if value})
        return f"?{query.urlencode()}"


def years_of(decade):
    """Return the first and the last day of a decade such as "1960s"."""
    first = int(decade[:4])
    return date(first, 1, 1), date(first + 9, 12, 31)


def _count():
    return mission_moment_count() + Act.objects.public().count()


def act_moments():
    """Return the acts of all public transfers; one query."""
    acts = (
        Act.objects.public()
        .select_related(
            "transfer__recipient",
            "transfer__recipient_organization",
            "transfer__recipient_person",
        )
        .order_by(*chronological("date"), "transfer__slug", "number")
    )
    return [_act(act) for act in acts]


def _act(act):
    lane, _ = ACTS[act.kind]
    transfer = act.transfer
    return Moment(
        date=act.date,
        kind=f"act-{act.kind}",
        what=act.get_kind_display(),
        name=transfer.title,
        url=f"{transfer.get_absolute_url()}#{act.anchor}",
        lane=lane,
        label=_short(act),
        where=act.place,
    )


def _short(act):
    """Return whom the transfer was for and what happened: "Cyprus: recovered"."""
    transfer, kind = act.transfer, act.get_kind_display()
    for party in (transfer.recipient, transfer.recipient_organization, transfer.recipient_person):
        if party and party.is_public:
            return f"{getattr(party, 'short_name', '') or party.name}: {kind.lower()}"
    return kind
