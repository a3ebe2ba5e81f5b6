"""The second factor: codes that an app on the editor's phone makes (TOTP, RFC 6238).

Anybody at the desk may set one up; an administrator may require it for a role. Whoever has one, or
needs one, gets no further than these pages until a code is given.
"""

from base64 import b32encode

import segno
from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp import devices_for_user, match_token
from django_otp import login as otp_login
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from lunar.desk.models import SecondFactorRule
from lunar.desk.roles import may_see

RECOVERY_CODES = 10


def is_pending(request):
    """Return whether the user has given a password, but not the second factor that is needed."""
    user = request.user
    if not user.is_authenticated or user.is_verified():
        return False
    if not hasattr(request, "second_factor_is_pending"):
        request.second_factor_is_pending = has_one(user) or is_required(user)
    return request.second_factor_is_pending


def has_one(user):
    """Return whether `user` has set up a second factor."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_required(user):
    """Return whether one of the user's roles needs a second factor."""
    return SecondFactorRule.objects.filter(group__in=user.groups.all()).exists()


def forget(user):
    """Remove every second factor of `user`, recovery codes included."""
    for device in devices_for_user(user, confirmed=None):
        device.delete()


class CodeForm(forms.Form):
    """Asks for a code, and checks it against the user's devices."""

    code = forms.CharField(
        max_length=20,
        help_text="Six digits from the app, or one of your recovery codes.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
    )

    def __init__(self, user, *args, device=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.device = user, device

    def clean_code(self):
        code = self.cleaned_data["code"].replace(" ", "")
        if self.device:  # being set up: it is not among the user's devices yet
            matched = self.device if self.device.verify_token(code) else None
        else:
            matched = match_token(self.user, code)
        if matched is None:
            raise forms.ValidationError(
                "This code is wrong or used up. Wait for the next one; after several wrong ones "
                "the wait becomes longer."
            )
        self.matched = matched
        return code


def for_those_at_the_door(view):
    """Let in whoever may come to the desk, with or without the second factor."""

    def guarded(request):
        if not may_see(request.user):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(request)

    return guarded


@for_those_at_the_door
def verify(request):
    """Ask for a code of the second factor that the user has."""
    if not is_pending(request):
        return _onward(request)
    if not has_one(request.user):
        return redirect("admin:second-factor-set-up")
    form = CodeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        _let_in(request, form.matched)
        return _onward(request)
    return _page(request, "verify", "Second factor", form=form)


@for_those_at_the_door
@transaction.atomic
def set_up(request):
    """Set up a second factor: show its key, and confirm it by a first code."""
    if has_one(request.user):
        if is_pending(request):
            return redirect("admin:second-factor")
        messages.info(request, "You have a second factor. Remove it before you set up another.")
        return redirect("admin:account")
    device, _ = TOTPDevice.objects.select_for_update().get_or_create(
        user=request.user, confirmed=False, defaults={"name": "Authenticator app"}
    )
    form = CodeForm(request.user, request.POST or None, device=device)
    if request.method == "POST" and form.is_valid():
        device.confirmed = True
        device.save()
        codes = _make_recovery_codes(request.user)
        _let_in(request, device)
        return _page(request, "recovery", "Recovery codes", codes=codes)
    return _page(
        request,
        "set_up",
        "Set up a second factor",
        form=form,
        is_required=is_required(request.user),
        key=_in_groups(device),
        picture=segno.make(device.config_url, error="m").svg_data_uri(scale=5, light="white"),
    )


@for_those_at_the_door
def remove(request):
    """Remove the user's own second factor, unless one of their roles needs it."""
    if is_pending(request) or is_required(request.user):
        raise PermissionDenied("One of your roles needs a second factor.")
    form = CodeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        forget(request.user)
        messages.success(request, "Your second factor is removed. A password is enough again.")
        return redirect("admin:account")
    return _page(request, "remove", "Remove the second factor", form=form)


def _make_recovery_codes(user):
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "Recovery codes"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    device.token_set.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


def _let_in(request, device):
    request.session.cycle_key()
    otp_login(request, device)
    request.second_factor_is_pending = False


def _onward(request):
    target = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if is_ours else reverse("admin:index"))


def _in_groups(device):
    """Return the key as people type it into an app: in base 32, by fours."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def _page(request, name, title, **context):
    context |= {**site.each_context(request), "title": title, "is_popup": False}
    return render(request, f"admin/desk/account/{name}.html", context)
