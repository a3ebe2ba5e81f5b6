from lunar.tables import (
    BadgeColumn,
    Column,
    CountColumn,
    LinkColumn,
    RecordTable,
    RelatedColumn,
)


class PersonTable(RecordTable):
    caption = "People who flew, gave, received, asked or decided"

    name = LinkColumn("Name", sort=("name",))
    native_name = Column("Native name", absent_as="")
    country = RelatedColumn("Country", sort=("country__name", "name"))
    known_for = Column("Part in this record")


class OrganizationTable(RecordTable):
    caption = "Organisations that run missions, or give, keep or ask for lunar material"

    name = LinkColumn("Name", sort=("name",))
    native_name = Column("Native name", absent_as="")
    kind = BadgeColumn("Kind", sort=("kind", "name"))
    country = RelatedColumn("Country", sort=("country__name", "name"))
    city = Column("City", sort=("city", "name"))
    held_count = CountColumn("Holds", sort=("held_count",))
