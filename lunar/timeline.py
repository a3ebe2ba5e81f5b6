"""The page of the timeline, where missions and diplomacy meet."""

from django.utils.html import format_html
from django.views.generic import TemplateView

from diplomacy.pictures.timeline import SHAPE_OF, TimelinePicture
from diplomacy.timeline import Timeline
from lunar.pictures.shapes import SHAPES
from lunar.tables import Column, DateColumn, RecordTable
from missions.timeline import BY_COUNTRY, BY_PROGRAMME

NO_DATE = "Date not researched yet"


class MomentTable(RecordTable):
    """Rows are Moments: the same facts that the picture draws."""

    name = Column("Mission or transfer")
    date = DateColumn("date", "Date", sort=(), orderable=False)
    what = Column("What happened")
    lane = Column("Lane")
    where = Column("Where, and more", absent_as="")

    def render_what(self, value, record):
        return format_html(
            '<svg class="moment-shape tl-{}" viewBox="-6 -6 12 12" width="14" height="14" '
            'aria-hidden="true" focusable="false"><path class="tl-shape" d="{}"/></svg> {}',
            record.kind,
            SHAPES[SHAPE_OF[record.kind]],
            value,
        )

    def render_name(self, record):
        return format_html('<a href="{}">{}</a>', record.url, record.name)


class TimelineView(TemplateView):
    """`?by=` country or programme, `?decade=1960s`; a bad value is told beside the picture."""

    template_name = "missions/timeline.html"
    page_parameters = TimelinePicture.parameters

    def get_context_data(self, **kwargs):
        timeline = Timeline(self.request.GET)
        tables = self._tables(timeline) if timeline.form.is_valid() else []
        return super().get_context_data(
            timeline=timeline,
            canonical=timeline.link(),
            form=timeline.form,
            picture=TimelinePicture(self.request.GET, timeline),
            tables=tables,
            ways=[
                ("By country", timeline.link(by=""), timeline.by == BY_COUNTRY),
                ("By programme", timeline.link(by=BY_PROGRAMME), timeline.by == BY_PROGRAMME),
            ],
            decades=self._decades(timeline),
            **kwargs,
        )

    def _decades(self, timeline):
        """Return [(label, address, is current)] of the navigation."""
        every = [("All years", timeline.link(decade=""), not timeline.decade)]
        return every + [
            (decade, timeline.link(decade=decade), timeline.decade == decade)
            for decade in timeline.decades
        ]

    def _tables(self, timeline):
        """Return [(heading, table)]: of the chosen decade, or of each, and what has no date."""
        chosen = [timeline.decade] if timeline.decade else timeline.decades
        parts = [(f"The {decade}", timeline.of(decade)) for decade in chosen]
        if not timeline.decade:
            parts.append(("Without a date", timeline.undated))
        return [
            (heading, MomentTable(moments, caption=f"{heading}: launches, landings and acts"))
            for heading, moments in parts
            if moments
        ]

    def render_to_response(self, context, **kwargs):
        status = 200 if context["form"].is_valid() else 400
        return super().render_to_response(context, status=status, **kwargs)
