"""The log of changes, and the history of each record, as Atom feeds (RFC 4287)."""

import re

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst

from lunar.desk.changes import history_of
from lunar.desk.log import changes, entries, grouped, public_revisions

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


def all_changes(request):
    """The latest public changes; a large one, such as a load, is one entry."""
    public = public_revisions()
    feed = _feed(
        request,
        "Changes of Lunar Record",
        "What changed in the record, when, how and why.",
        reverse("changes"),
        f"{AUTHORITY}:changes",
    )
    for change in changes(grouped(public)[:MOST_ENTRIES], public):
        for entry in change.entries:
            _add_entry(feed, request, entry)
        if change.kinds:
            _add_large(feed, request, change)
    return _answer(feed)


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
        feed_url=request.build_absolute_uri(request.path),
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


def _add_large(feed, request, change):
    revision = change.revision
    content = render_to_string("desk/_feed_change.html", {"change": change})
    feed.add_item(
        title=_plain(f"{revision.get_way_display()}: {change.summary}"),
        link=request.build_absolute_uri(change.url),
        unique_id=f"{AUTHORITY}:changes/{change.moment}/{revision.way}",
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
