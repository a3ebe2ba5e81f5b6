"""Public pages: to suggest a correction, and to read what became of it."""

from functools import wraps

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from lunar.desk.history import revision_number
from lunar.desk.models import Revision, Suggestion
from lunar.desk.suggestions import limits
from lunar.desk.suggestions.forms import TRAP, SuggestionForm, digest
from lunar.desk.suggestions.values import correctable_models, find, groups_of
from lunar.desk.titles import key_field
from lunar.text import clean_text


def private(view):
    """Keep the answers of `view` out of every cache and index."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


@private
def suggest(request):
    """The form for `?record=mission/chang-e-5`, with the value `&field=launch` first."""
    if "record" not in request.GET:
        return render(request, "desk/suggest_start.html")
    record = public_record(clean_text(request.GET["record"]))
    groups = groups_of(record)
    asked = find(groups, clean_text(request.GET.get("field", "")))
    number = revision_number(record)
    if request.method != "POST":
        return show(request, SuggestionForm(record, groups, number), asked)
    form = SuggestionForm(record, groups, number, request.POST)
    if not form.is_valid():
        return show(request, form, asked, status=400)
    try:
        with transaction.atomic():
            limits.count(request, f"{record._meta.label_lower}:{record.natural_key()[0]}")
            token = form.save()
    except limits.TooManyError as error:
        return too_many(request, form, asked, error.seconds)
    Suggestion.objects.forget_senders()
    return redirect("suggestion", token)


def public_record(name):
    """Return the public record called "mission/chang-e-5"; all else is not found alike."""
    kind, _, key = name.partition("/")
    model = correctable_models().get(kind)
    record = model and model.objects.public().filter(**{key_field(model): key}).first()
    if record is None:
        raise Http404
    return record


def show(request, form, asked, status=200, **context):
    """Show the form: what was asked for first, and what is filled in or wrong in sight."""
    first, others = [], []
    for group in form.groups:
        is_asked = group.subject == asked.subject
        fields = [(value, form[form.field_name(value)]) for value in group.values]
        if is_asked:
            first = [(value, field) for value, field in fields if not asked.field or value == asked]
            fields = [pair for pair in fields if pair not in first]
        if fields:
            said = any(field.value() or field.errors for _, field in fields)
            others.append((group, [field for _, field in fields], form.is_bound and said))
    wrong = [(name, errors) for name, errors in form.errors.items() if name != "__all__"]
    context |= {
        "record": form.record,
        "form": form,
        "asked": asked,
        "first": [field for _, field in first],
        "others": others,
        "others_open": any(is_open for *_, is_open in others),
        "trap": form[TRAP],
        "wrong": [(form[name], errors) for name, errors in wrong],
    }
    return render(request, "desk/suggest.html", context, status=status)


def too_many(request, form, asked, seconds):
    minutes = -(-seconds // 60)
    response = show(request, form, asked, status=429, minutes=minutes, hours=-(-minutes // 60))
    response["Retry-After"] = str(seconds)
    return response


@private
def suggestion(request, token):
    """What became of a suggestion, for whoever has its private address."""
    found = get_object_or_404(
        Suggestion.objects.prefetch_related("values__revision"), token_digest=digest(token)
    )
    record = found.record
    is_public = record is not None and record.is_public
    shown = [
        (
            value,
            value.revision
            if value.revision and is_public and value.revision.shown == Revision.Shown.WHOLE
            else None,
        )
        for value in found.values.all()
    ]
    context = {"suggestion": found, "record": record if is_public else None, "values": shown}
    response = render(request, "desk/suggestion.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
