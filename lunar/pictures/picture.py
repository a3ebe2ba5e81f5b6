from functools import cached_property

from django.template.loader import render_to_string

MOST_DRAWN = 5_000  # marks that somebody may still tell apart, and a page can hold


class Picture:
    """One picture of something in the record, drawn on the server as SVG.

    A subclass sets the class attributes and builds `context()` from the query parameters that it
    understands. Its template draws only what lies inside the <svg>; marks carry classes of
    `lunar/css/pictures.css` and presentation attributes, never styles. The same facts stand in a
    table beside the picture, made from the same context.
    """

    name = ""  # of the address: /pictures/<name>.svg
    title = ""
    description = ""  # what it shows, for those who do not see it
    template_name = ""
    parameters = ()  # names of those it understands
    width = 960  # of the viewBox
    height = 540
    page = ""  # name of the address of the page that shows it

    def __init__(self, params=None):
        self.params = params or {}

    def context(self):
        """Return what the template draws."""
        raise NotImplementedError

    @cached_property
    def drawn(self):
        """The context, computed once for the picture and its table."""
        return self.context()

    def body(self):
        """Return the inside of the <svg>, for pages and for files alike."""
        return render_to_string(self.template_name, {"picture": self, **self.drawn})
