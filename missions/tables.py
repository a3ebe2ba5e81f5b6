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
from lunar.templatetags.record import all_linked


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
