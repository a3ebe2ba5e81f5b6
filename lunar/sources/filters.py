from lunar.filters import Facet, RecordFilterSet
from lunar.sources.models import Source


class SourceFilterSet(RecordFilterSet):
    facets = (
        Facet("kind", "Kind", "kind", choices=Source.Kind),
        Facet("standing", "Standing", "standing", choices=Source.Standing),
        Facet("language", "Language", "language"),
    )
    date_field = "published"
