"""How much of each record is given: some of its values only, or its sources in full as well."""

from lunar.api.history import with_revisions
from lunar.data.records import public_records
from lunar.sources.models import Source


def only(documents, fields):
    """Return documents with their type, id and the named `fields`; with none named, all."""
    if not fields:
        return documents
    kept = {"type", "id", *fields}
    return [{n: value for n, value in one.items() if n in kept} for one in documents]


def with_sources(documents, absolute):
    """Return documents whose citations hold all of their sources, not only names."""
    citations = [citation for document in documents for citation in _citations(document)]
    slugs = {citation["source"]["id"] for citation in citations}
    pks = Source.objects.filter(slug__in=slugs).values_list("pk", flat=True)
    found = with_revisions(Source, public_records(Source, list(pks), absolute))
    sources = {source["id"]: source for source in found}
    for citation in citations:
        citation["source"] = sources[citation["source"]["id"]]
    return documents


def _citations(document):
    """Yield the citations of a record and of its parts."""
    yield from document.get("citations", ())
    for value in document.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield from part.get("citations", ())
