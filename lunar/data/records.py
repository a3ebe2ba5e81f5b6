"""What the public record says, as plain data: one form for API, downloads, exports and citing.

A record is a dictionary of its values under the names that fixtures use, with its parts, its
citations and their sources. Dates are EDTF text, masses numbers in grams, coordinates degrees north
and east. What refers to another record gives its id, name and address. Nothing that the public may
not see is in it: neither a part nor a reference that names a record that is not public.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from lunar.canonical.shapes import shapes
from lunar.data.fields import owner_field, parts_of
from lunar.data.forms import CITATION_FIELDS, forms
from lunar.data.names import Names, name_columns
from lunar.sources.models import Record, Source


def public_models():
    """Return the models of all public records, sources included, in load order."""
    return [model for model in shapes() if issubclass(model, (Record, Source))]


def public_rows(model):
    """Return a queryset of the public rows of a kind of record, or of a vocabulary."""
    hides = issubclass(model, (Record, Source))
    rows = model._default_manager.public() if hides else model._default_manager.all()
    return rows.order_by()


def public_records(model, pks, absolute=str):
    """Return the public data of records of one kind, in the order of their primary keys `pks`.

    A record that is not public is left out; of sources only public ones may be asked for.
    `absolute` makes the address of a page one that can be followed from anywhere. The number of
    queries does not depend on how many records there are.
    """
    rows = _Rows(forms(model), pks, absolute)
    documents = {}
    for form, found in rows.values.items():
        documents[form] = {
            pk: form.document(values, rows.own_name(form, pk)) for pk, values in found.items()
        }
        if form.owner:
            owners, pairs = documents[rows.form_of(form.owner.related_model)], rows.owners[form]
            for pk in sorted(found, key=lambda pk: form.key(found[pk])):
                form.put(documents[form][pk], owners[pairs[pk]])
    _add_citations(documents, pks, rows.names)
    records = documents[forms(model)[0]]
    return [records[pk] for pk in pks if pk in records]


def _add_citations(documents, pks, names):
    """Give each document its citations, in the order of their keys."""
    cited = {form: form.citations(pks) for form in documents if form.is_cited}
    names.look_up(Source, {row[1] for rows in cited.values() for row in rows})
    sources = names.of(Source)
    for form, rows in cited.items():
        found = documents[form]
        for subject, source, *said in rows:
            if subject in found:
                citation = dict(zip(CITATION_FIELDS, said, strict=True))
                citation["source"] = sources[source]
                found[subject]["citations"].append(citation)
        for document in found.values():
            document["citations"].sort(key=_place_of_citation)


@dataclass(frozen=True, slots=True)
class Line:
    """What a table tells of a record: its name, its values, and those of a part it has one of.

    Values are those of the forms, in their order; `parts` has None for a part that it lacks.
    `cited` are the ids of the sources of all its citations, in no order.
    """

    name: dict
    values: list
    parts: dict
    cited: list


def public_lines(model, pks, absolute=str, of_part=None):
    """Return the Lines of the records whose `public_records` these are, for a fraction of the cost.

    `cited` is of the record with all its parts, or with `of_part` of that kind of part alone.
    """
    told = [form for form in forms(model) if form.owner is None or form.owner.one_to_one]
    rows = _Rows(told, pks, absolute)
    cited = defaultdict(list)
    for form in forms(model):
        if form.is_cited and of_part in (None, form.model):
            for pk, source in form.cited_sources(pks):
                cited[pk].append(source)
    rows.names.look_up(Source, set().union(*cited.values()))
    sources = rows.names.of(Source)
    parts = {
        form.owner.remote_field.related_name: {
            owner: rows.values[form][pk] for pk, owner in rows.owners[form].items()
        }
        for form in told[1:]
    }
    own, values = rows.names.of(model), rows.values[told[0]]
    return [
        Line(
            own[pk],
            values[pk],
            {name: found.get(pk) for name, found in parts.items()},
            [sources[source]["id"] for source in cited[pk]],
        )
        for pk in pks
        if pk in values
    ]


class _Rows:
    """The values of all public rows of some records: {form: {primary key: values}}.

    `owners` has {form: {primary key of a part: primary key of what it is a part of}}.
    """

    def __init__(self, told, pks, absolute):
        self.names, self.values, self.owners = Names(absolute), {}, {}
        rows = {form: form.rows(pks) for form in told}
        links = {form: form.linked(pks) for form in told}
        self._look_up(rows, links)
        for form in told:
            if form.owner:
                owners = self.values[self.form_of(form.owner.related_model)]
                shown = [row for row in rows[form] if row[1] in owners]
            else:
                shown = rows[form]
                self.names.learn(form.model, (row[:3] for row in shown))
            found = ((row, form.values(row, self.names)) for row in shown)
            found = [(row, values) for row, values in found if values is not None]
            self.values[form] = {row[0]: values for row, values in found}
            if form.owner:
                self.owners[form] = {row[0]: row[1] for row, _ in found}
            for field, pairs in links[form].items():
                self._link(form, field, pairs)
            if any(form.model is model for other in told for _, model in other.references):
                self._learn_part_names(form)

    def form_of(self, model):
        return next(form for form in self.values if form.model is model)

    def own_name(self, form, pk):
        """Return how a document is named: by its page, or by its anchor on it."""
        if form.owner:
            return {"anchor": form.anchor(self.values[form][pk])}
        return self.names.of(form.model)[pk]

    def _look_up(self, rows, links):
        """Look up the names of all records to which rows refer."""
        wanted = defaultdict(set)
        for form in rows:
            for model, pks in form.targets(rows[form]):
                wanted[model] |= pks
            for field, pairs in links[form].items():
                wanted[field.related_model].update(target for _, target in pairs)
        for model, pks in wanted.items():
            if not owner_field(model):
                self.names.look_up(model, pks)

    def _link(self, form, field, pairs):
        found, place = self.values[form], form.place_of_link(field)
        targets = self.names.of(field.related_model)
        for pk, target in pairs:
            if pk in found and target in targets:
                found[pk][place].append(targets[target])
        for values in found.values():
            values[place].sort(key=_id)

    def _learn_part_names(self, form):
        if form.owner:
            place = form.names.index(name_columns(form.model)[1])
            for pk, values in self.values[form].items():
                named = {"anchor": form.anchor(values), "name": values[place]}
                self.names.of(form.model)[pk] = named


def _id(named):
    return named["id"]


def _place_of_citation(citation):
    """Return where a citation comes among those of the same subject: by its natural key."""
    return citation["field"], citation["source"]["id"], citation["stance"], citation["stated_value"]


def public_sources(slugs, absolute=str):
    """Return the public data of the sources with these ids, in their order."""
    pks = Source.objects.public().filter(slug__in=slugs).order_by("slug").values_list("pk")
    return public_records(Source, [pk for (pk,) in pks], absolute)


def all_citations(document):
    """Yield the citations of a record and of all its parts."""
    yield from document.get("citations", ())
    for name in _part_names()[document["type"]]:
        found = document[name] or []
        for part in found if isinstance(found, list) else [found]:
            yield from all_citations(part)


@cache
def _part_names():
    """Return {type of a document: names under which it has parts}."""
    return {
        model._meta.model_name: [field.remote_field.related_name for field in parts_of(model)]
        for model in shapes()
    }


def cited_ids(document):
    """Return the ids of the sources that a record and its parts cite, in their order."""
    return sorted({citation["source"]["id"] for citation in all_citations(document)})
