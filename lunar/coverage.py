"""What the coverage page shows: how complete the record is, computed and not claimed."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.utils.text import capfirst

from diplomacy.models import Act, Transfer, TransferSeries
from diplomacy.pages.listed import list_url
from lunar.parties.models import Country, Organization
from lunar.sources.models import Record, Source
from lunar.sources.models.record import Absence
from missions.models import Landing, Mission, SampleReturn

# Values that one would expect of each row, and the column that is blank where one is missing.
EXPECTED = {
    Mission: {
        "launch": "launch",
        "launch_vehicle": "launch_vehicle",
        "launch_site": "launch_site",
        "launch_mass_kg": "launch_mass_kg",
        "ended": "ended",
    },
    Landing: {
        "date": "date",
        "position": "latitude",
        "accuracy_m": "accuracy_m",
        "site_name": "site_name",
    },
    SampleReturn: {"mass_g": "mass_g", "side": "side", "material": "material"},
    Transfer: {"mass_g": "mass_g", "material": "material", "occasion": "occasion"},
    Act: {"date": "date", "place": "place"},
}
# Columns, beside `absent_values`, that tell which kind of nothing a blank value is.
TOLD_BY = {Mission: ["outcome"], Transfer: ["status"]}
MOST_OPERATORS = 20


@dataclass
class Row:
    """A row of a table of the page; `url` leads to what it counts, where there is such a list."""

    label: str
    numbers: list
    url: str = ""


@dataclass
class CoverageTable:
    """A table of the page: `first` heads the labels of its rows, `columns` their numbers."""

    caption: str
    first: str
    columns: list
    rows: list

    @property
    def lines(self):
        """(row, [(heading, number)]) for every row."""
        return [(row, list(zip(self.columns, row.numbers, strict=True))) for row in self.rows]


class Coverage:
    """Each table is computed when the template asks for it; the public record alone counts."""

    @property
    def mission_tables(self):
        return [
            CoverageTable(
                "Missions by decade of launch and outcome",
                "Decade",
                [*Mission.Outcome.labels, "All"],
                self.missions_by_decade,
            ),
            CoverageTable(
                "Missions by operator, of those that flew several",
                "Operator",
                ["Missions"],
                self.missions_by_operator,
            ),
        ]

    @property
    def evidence_tables(self):
        return [
            CoverageTable(
                "Public records by the evidence behind them",
                "Kind",
                ["Public", "On one source", "On several", "Disputed"],
                self.evidence,
            ),
            CoverageTable(
                "Sources by standing",
                "Standing",
                ["Sources", "With an archived copy"],
                self.sources,
            ),
        ]

    @property
    def value_tables(self):
        columns = ["Known", *Absence.labels, "All"]
        return [CoverageTable(kind, "Value", columns, rows) for kind, rows in self.values]

    @property
    def transfer_tables(self):
        return [
            CoverageTable(
                "Transfers by where they stand",
                "Status",
                ["Transfers", "Of these goodwill displays"],
                self.statuses,
            ),
            CoverageTable(
                "Goodwill displays: recipients as sources state them, and those in this record",
                "Series",
                ["Recipients as stated", "In this record"],
                self.series,
            ),
        ]

    @cached_property
    def missions_by_decade(self):
        """Rows with the number of missions of each outcome and of all, by decade of launch."""
        count = Counter()
        flights = Mission.objects.public().to_the_moon()
        for day, outcome in flights.values_list("launch_earliest", "outcome"):
            count[day and day.year // 10 * 10, outcome] += 1
        decades = sorted({decade for decade, _ in count}, key=lambda decade: decade or 9999)
        return [
            self._row(
                f"{decade}s" if decade else "No date",
                [count[decade, outcome] for outcome in Mission.Outcome.values],
            )
            for decade in decades
        ]

    @cached_property
    def missions_by_operator(self):
        """Rows with the number of missions of each organisation that flew several."""
        flown = Q(missions__is_public=True) & ~Q(missions__types__slug="gravity-assist")
        operators = Organization.objects.public().annotate(
            flown=Count("missions", filter=flown, distinct=True)
        )
        ordered = operators.filter(flown__gt=1).order_by("-flown", "name")[:MOST_OPERATORS]
        return [Row(str(one), [one.flown], one.get_absolute_url()) for one in ordered]

    @cached_property
    def evidence(self):
        """Rows by kind of record: public ones, on one source, on several, disputed."""
        rows = []
        for model in (Mission, Transfer, Country, Organization, *self._other_kinds()):
            records = model.objects.public()
            total = records.count()
            alone = model.objects.resting_on_one_source().count()
            disputed = records.disputed().count()
            name = capfirst(model._meta.verbose_name_plural)
            rows.append(Row(name, [total, alone, total - alone, disputed]))
        return rows

    def _other_kinds(self):
        known = {Mission, Transfer, Country, Organization}
        return [model for model in Record.__subclasses__() if model not in known]

    @cached_property
    def values(self):
        """[(kind, rows)]: of each expected value how many are known, and why others are not."""
        return [
            (capfirst(model._meta.verbose_name_plural), self._values(model, fields))
            for model, fields in EXPECTED.items()
        ]

    def _values(self, model, fields):
        count = Counter()
        told_by = ["absent_values", *TOLD_BY.get(model, [])]
        known = {f"has_{field}": _is_filled(model, column) for field, column in fields.items()}
        rows = model.objects.public().order_by().annotate(**known).values(*known, *told_by)
        for row in rows.annotate(n=Count("pk")):
            one = model(**{name: row[name] for name in told_by})
            for field in fields:
                count[field, "known" if row[f"has_{field}"] else one.absence(field)] += row["n"]
        kinds = ["known", *Absence]
        return [
            self._row(model.field_label(field), [count[field, kind] for kind in kinds])
            for field in fields
        ]

    @cached_property
    def statuses(self):
        """Rows with the number of transfers of each status, and of goodwill displays of each."""
        public = Transfer.objects.public().order_by()
        every = Counter(dict(public.values_list("status").annotate(n=Count("pk"))))
        displays = Counter(dict(public.goodwill().values_list("status").annotate(n=Count("pk"))))
        return [
            Row(
                status.label,
                [every[status], displays[status]],
                list_url("transfer-list", status=status),
            )
            for status in Transfer.Status
            if every[status]
        ]

    @cached_property
    def series(self):
        """Rows of the goodwill series: recipients that sources speak of, and those known."""
        series = TransferSeries.objects.public().filter(is_goodwill=True)
        counted = series.annotate(
            known=Count("transfers", filter=Q(transfers__is_public=True), distinct=True)
        )
        return [
            Row(str(one), [one.recipients_stated or "—", one.known], one.get_absolute_url())
            for one in counted
        ]

    @cached_property
    def sources(self):
        """Rows with the number of public sources of each standing, and of those archived."""
        counted = dict.fromkeys(Source.Standing.values, (0, 0))
        rows = (
            Source.objects.public()
            .order_by()
            .values_list("standing")
            .annotate(n=Count("pk"), kept=Count("pk", filter=~Q(archive_url="")))
        )
        counted |= {standing: (number, kept) for standing, number, kept in rows}
        return [
            Row(Source.Standing(standing).label, list(numbers))
            for standing, numbers in counted.items()
        ]

    def _row(self, label, numbers):
        return Row(label, [*numbers, sum(numbers)])


def _is_filled(model, column):
    """Return the condition under which a column is not blank."""
    is_filled = Q(**{f"{column}__isnull": False})
    if model._meta.get_field(column).empty_strings_allowed:
        is_filled &= ~Q(**{column: ""})
    return is_filled
