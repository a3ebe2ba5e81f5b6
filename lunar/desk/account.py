"""The account of whoever is logged in at the desk: name in public, password, second factor."""

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.shortcuts import redirect, render

from lunar.desk import second_factor
from lunar.desk.models import EditorProfile


class PublicNameForm(forms.ModelForm):
    class Meta:
        model = EditorProfile
        fields = ["public_name"]


def account(request):
    """Show what the desk knows of its user, and let them choose their name in public."""
    profile = EditorProfile.objects.filter(user=request.user).first()
    form = PublicNameForm(
        request.POST or None, instance=profile or EditorProfile(user=request.user)
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your name in public is changed, on earlier changes as well.")
        return redirect("admin:account")
    context = {
        **site.each_context(request),
        "title": "Your account",
        "form": form,
        "roles": request.user.groups.order_by("name"),
        "has_second_factor": second_factor.has_one(request.user),
        "needs_second_factor": second_factor.is_required(request.user),
    }
    return render(request, "admin/desk/account/account.html", context)
