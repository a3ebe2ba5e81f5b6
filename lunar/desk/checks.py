"""The check of the whole record, run from the desk; its findings stay until the next run."""

from itertools import count

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone

from lunar.canonical import validation
from lunar.canonical.shapes import shapes
from lunar.desk.admin.editor import change_url
from lunar.desk.models import CheckRun
from lunar.desk.roles import may

MOST_LINKED = 200  # findings whose row is looked up to lead there


def run():
    """Check the whole record now; return the CheckRun, which replaces the one before."""
    found = [
        {"check": title, "record": one.record, "field": one.field, "message": one.message}
        for title, findings in validation.findings_by_check()
        for one in findings
    ]
    with transaction.atomic():
        CheckRun.objects.all().delete()
        return CheckRun.objects.create(made_at=timezone.now(), findings=found)


def page(request):
    """Show what the last check found; a POST checks again."""
    if request.method == "POST":
        if not may(request.user, "edit"):
            raise PermissionDenied("Only editors check the whole record.")
        number = len(run().findings)
        messages.success(request, f"Checked: {number} finding{'' if number == 1 else 's'}.")
        return redirect("admin:checks")
    last = CheckRun.objects.last()
    context = {
        **site.each_context(request),
        "title": "Checks of the record",
        "last": last,
        "groups": _groups(last) if last else [],
        "may_run": may(request.user, "edit"),
    }
    return render(request, "admin/desk/checks.html", context)


def _groups(run):
    """Return [(title of a check, [(finding, address of its row's page or "")])]."""
    linked = count()
    return [
        (title, [(one, _page_of(one) if next(linked) < MOST_LINKED else "") for one in found])
        for title, found in run.by_check
    ]


def _page_of(finding):
    label, _, key = finding["record"].partition(":")
    models = {shape.label: model for model, shape in shapes().items()}
    if label not in models:
        return ""
    try:
        return change_url(models[label]._default_manager.get_by_natural_key(*key.split("/")))
    except (ObjectDoesNotExist, TypeError, ValueError):
        return ""
