"""The log of changes, and the history of each record, as Atom feeds (RFC 4287)."""

import re

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst

from lunar.desk.changes import history_of
from lunar.desk.log import changes, entries, grouped, public_revisions
from lunar.desk.models import Revision
from lunar.desk.titles import record_models
from lunar.serving.pages import public_page
from lunar.sources.models import Record

MOST_ENTRIES = 40

# Ids outlive host names, so they name none: nobody can ever own a name that ends in “.example”.
AUTHORITY = "tag:lunar-record.example,2025"

# Characters that a database may hold and XML cannot.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class ContentFeed(Atom1Feed):
    """An Atom feed whose entries carry all that they tell."""

    def add_item_elements(self, handler, item):
        content, item["description"] = item["description"], None  # that would be a summary
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", content, {"type": "html"})


@public_page()
def all_changes(request):
    """The latest public changes; a large one, such as a load, is one entry."""
    return feed_of_changes(
        request,
        public_revisions(),
        title="Changes of Lunar Record",
        subtitle="What changed in the record, when, how and why.",
        address=reverse("changes"),
        name="changes",
    )


@public_page()
def new_records(request):
    """The records that became public lately; those of a load are one entry."""
    return feed_of_changes(
        request,
        newly_public(),
        title="New in Lunar Record",
        subtitle="Records that became public, the latest first.",
        address=reverse("changes"),
        name="new",
    )


def newly_public():
    """Return the revisions with which records became public.

    Of what was found as it was, nobody knows since when it had been public.
    """
    labels = [m._meta.label_lower for m in record_models().values() if issubclass(m, Record)]
    whole = Revision.objects.filter(shown=Revision.Shown.WHOLE, label__in=labels)
    earlier = whole.filter(
        label=OuterRef("label"), key=OuterRef("key"), number__lt=OuterRef("number")
    )
    return whole.filter(~Exists(earlier)).exclude(way=Revision.Way.FOUND)


def feed_of_changes(request, revisions, *, title, subtitle, address, name):
    """Answer with the latest changes among public `revisions` (a queryset).

    `address` is that of the page it belongs to; `name` ends the id of the feed, for ever.
    """
    feed = _feed(request, title, subtitle, address, f"{AUTHORITY}:{name}")
    for change in changes(grouped(revisions)[:MOST_ENTRIES], revisions):
        for entry in change.entries:
            _add_entry(feed, request, entry)
        if change.kinds:
            _add_large(feed, request, change, name)
    return _answer(feed)


@public_page()
def changes_of_record(request, model_name, key):
    """The latest public revisions of one record."""
    found = entries(history_of(model_name, key)[:MOST_ENTRIES])
    if not found:
        raise Http404
    [latest, *_] = found
    feed = _feed(
        request,
        f"Changes of {latest.title}",
        "What changed in this record, when, how and why.",
        latest.revision.history_url,
        f"{AUTHORITY}:{latest.revision.label}/{key}",
    )
    for entry in found:
        _add_entry(feed, request, entry)
    return _answer(feed)


def _feed(request, title, subtitle, address, feed_id):
    return ContentFeed(
        title=_plain(title),
        description=None,
        subtitle=subtitle,
        link=request.build_absolute_uri(address),
        feed_url=request.build_absolute_uri(),
        feed_guid=feed_id,
        language="en",
        author_name="Lunar Record",
    )


def _add_entry(feed, request, entry):
    revision = entry.revision
    content = render_to_string("desk/_feed_entry.html", {"entry": entry})
    feed.add_item(
        title=_plain(f"{capfirst(entry.title)}: {revision.get_way_display().lower()}"),
        link=request.build_absolute_uri(revision.get_absolute_url()),
        unique_id=f"{AUTHORITY}:{revision.label}/{revision.key}/{revision.number}",
        description=_plain(content),
        author_name=None if entry.is_notice else _plain(revision.editor_name),
        pubdate=revision.made_at,
        updateddate=revision.made_at,
    )


def _add_large(feed, request, change, name):
    revision = change.revision
    content = render_to_string("desk/_feed_change.html", {"change": change})
    feed.add_item(
        title=_plain(f"{revision.get_way_display()}: {change.summary}"),
        link=request.build_absolute_uri(change.url),
        unique_id=f"{AUTHORITY}:{name}/{change.moment}/{revision.way}",
        description=_plain(content),
        author_name=_plain(revision.editor_name),
        pubdate=change.made_at,
        updateddate=change.made_at,
    )


def _plain(text):
    return NOT_XML.sub("", str(text))


def _answer(feed):
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response
