"""Template filters that turn stored values into what people read."""

from django import template
from django.utils.html import format_html, format_html_join

from lunar import mass, tables
from lunar.edtf import time_element
from lunar.sources.evidence import native
from lunar.tables import badge_of

register = template.Library()

CITE = '<a href="{}" rel="nofollow">Cite<span class="visually-hidden"> the value of {}</span></a> '


@register.filter
def when(date):
    """An EDTF date in words, as a <time> element where HTML has a form for it."""
    return time_element(date)


@register.filter
def absent(record, field):
    """Which kind of nothing a blank field of a record is, marked up."""
    return tables.absent(record, field)


@register.filter
def in_grams(grams):
    """A mass in grams, shown in mg, g or kg by size; "" for none."""
    return "" if grams is None else mass.mass_in_words(grams)


@register.filter
def status_badge(transfer):
    """The derived status of a transfer as text with a symbol."""
    return badge_of(type(transfer), "status", transfer.status, transfer.status_is_disputed)


@register.filter
def outcome_badge(mission):
    """The outcome of a mission as text with a symbol."""
    return badge_of(type(mission), "outcome", mission.outcome)


@register.filter
def native_name(record):
    """The native name of a record, marked with its language."""
    return native(record.native_name, record.native_language)


@register.filter
def linked(record):
    """A record's name as a link to its page; "" for none, and for a draft: nothing tells of it."""
    if record is None or not getattr(record, "is_public", True):
        return ""
    return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record)


@register.filter
def all_linked(records):
    """Several records as links, separated by commas; drafts are left out."""
    return format_html_join(", ", "{}", ((link,) for link in map(linked, records) if link))


@register.filter
def footnotes(numbers):
    """Footnote numbers as links to the sources of the page."""
    return format_html_join(
        "",
        '<a class="footnote" href="#source-{0}">'
        '<span class="visually-hidden">Source </span>{0}</a>',
        ((number,) for number in numbers),
    )


@register.filter
def value_tools(fact):
    """Links to cite the value of a fact and to suggest another; "" where that cannot be."""
    suggest_url, cite_url, label = fact.suggest_url, fact.cite_url, fact.label_in_text
    if not suggest_url:
        return ""
    cite = format_html(CITE, cite_url, label) if cite_url else ""
    return format_html(
        '<span class="value-tools">{}<a class="suggest" href="{}" rel="nofollow">Suggest a '
        'correction<span class="visually-hidden"> of {}</span></a></span>',
        cite,
        suggest_url,
        label,
    )


@register.filter
def kind_of_record(record):
    """What a record is, in lower case: "mission", "transfer"."""
    return str(record._meta.verbose_name)
