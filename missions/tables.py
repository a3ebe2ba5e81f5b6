from lunar.tables import (
    BadgeColumn,
    Column,
    CountColumn,
    DateColumn,
    LinkColumn,
    MassColumn,
    RecordTable,
    RelatedColumn,
    absent,
)
from lunar.templatetags.record import all_linked, outcome_badge
from missions.landings import is_crewed
from missions.positions import accuracy_in_words, latitude_in_words, longitude_in_words


class CountriesColumn(Column):
    """The countries of a record, from prefetched rows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, accessor="countries__all", **kwargs)

    def render(self, value, record, bound_column):
        names = ", ".join(country.name for country in value if country.is_public)
        return super().render(names, record, bound_column)


class ReturnedMassColumn(MassColumn):
    """The mass a mission brought back; empty where it was not to bring any."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, accessor="sample_return__mass_g", sort=("sample_return__mass_g",), **kwargs
        )

    def render(self, value, record, bound_column):
        if not hasattr(record, "sample_return"):
            return ""
        return super().render(value, record.sample_return, bound_column)


class MissionTable(RecordTable):
    caption = "Missions, with programme, launch, outcome and samples returned"

    name = LinkColumn("Mission", sort=("name",))
    programme = RelatedColumn(
        "Programme", sort=("programme__name", "launch_earliest"), absent_as="None"
    )
    countries = CountriesColumn("Country")
    launch = DateColumn("launch", "Launch")
    outcome = BadgeColumn("Outcome", sort=("outcome", "launch_earliest"))
    mass_g = ReturnedMassColumn("Samples")


class ProgrammeTable(RecordTable):
    caption = "Lunar programmes, with country, start and number of missions"

    name = LinkColumn("Programme", sort=("name",))
    native_name = Column("Native name", absent_as="")
    countries = CountriesColumn("Country")
    started = DateColumn("started", "Began")
    ended = DateColumn("ended", "Ended", absent_as="")
    mission_count = CountColumn("Missions", sort=("mission_count",))


class SampleTable(RecordTable):
    """Rows are SampleReturns."""

    caption = "All lunar material brought to Earth, by mission"

    mission = LinkColumn("Mission", to="mission", sort=("mission__name",))
    country = Column("Country", accessor="mission__countries__all")
    returned = DateColumn("returned", "Reached Earth")
    side = Column("From", sort=("side",))
    material = Column("Material", sort=("material",))
    mass_g = MassColumn("Mass returned")
    transfer_count = CountColumn("Transfers from it", sort=("transfer_count",))

    def render_country(self, value, record):
        return all_linked(value) or absent(record, "country")


class LandingTable(RecordTable):
    """Rows are Landings."""

    caption = "Landings and impacts, with date and place"

    mission = LinkColumn("Mission", to="mission", sort=("mission__name",))
    kind = Column("Kind", sort=("kind", "date_earliest"))
    outcome = Column("Outcome", accessor="mission__outcome", sort=("mission__outcome",))
    date = DateColumn("date", "Date")
    site_name = Column("Site", sort=("site_name",))
    latitude = CountColumn("Latitude", sort=("latitude",))
    longitude = CountColumn("Longitude", sort=("longitude",))
    side = Column("Side", sort=("side", "longitude"))
    accuracy_m = Column("Accuracy", sort=("accuracy_m",))

    def render_kind(self, value, record):
        return f"{value}, crewed" if is_crewed(record) else value

    def render_outcome(self, record):
        return outcome_badge(record.mission)

    def render_latitude(self, value, record):
        return latitude_in_words(value) or absent(record, "position")

    # Of a place that is not known, the first of its cells says so for all.

    def render_longitude(self, value):
        return longitude_in_words(value)

    def render_side(self, record):
        return record.side_label

    def render_accuracy_m(self, record):
        if record.latitude is None:
            return ""
        return accuracy_in_words(record) or absent(record, "accuracy_m")
