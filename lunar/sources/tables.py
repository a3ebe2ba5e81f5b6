from lunar.tables import BadgeColumn, Column, CountColumn, DateColumn, LinkColumn, RecordTable


class SourceTable(RecordTable):
    caption = "Sources, with publisher, date and the number of values that rest on each"

    title = LinkColumn("Source", sort=("title",))
    publisher = Column("Publisher", sort=("publisher", "title"))
    published = DateColumn("published", "Published")
    kind = Column("Kind", sort=("kind", "title"))
    standing = BadgeColumn("Standing", sort=("standing", "title"))
    cited_by = CountColumn("Values", sort=("cited_by",))
