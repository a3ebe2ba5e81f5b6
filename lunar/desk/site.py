"""The editors' desk as a site: its name, its front page, and who gets in."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import urlencode

from lunar.desk import account, roles, second_factor
from lunar.desk.models import CheckRun
from lunar.desk.worklists import worklists
from lunar.operations.models import ReadOnly


class DeskSite(admin.AdminSite):
    """Django's admin; what can be edited is registered in each app's `admin`."""

    site_header = "Lunar Record — editors' desk"
    site_title = "Lunar Record"
    index_title = "What the record holds"
    enable_nav_sidebar = False  # base_site.html leads to every list in one line

    def has_permission(self, request):
        return roles.may_see(request.user) and not second_factor.is_pending(request)

    def login(self, request, extra_context=None):
        """Ask whoever has given a password for the second factor, instead of for another one."""
        if roles.may_see(request.user) and second_factor.is_pending(request):
            asked = {"next": request.GET.get("next", "")}
            return redirect(f"{reverse('admin:second-factor')}?{urlencode(asked)}")
        return super().login(request, extra_context)

    def each_context(self, request):
        return super().each_context(request) | {"read_only": ReadOnly.objects.reason_now()}

    def index(self, request, extra_context=None):
        """Show what waits above all that there is."""
        shown = {"worklists": worklists(self, request), "last_check": CheckRun.objects.last()}
        return super().index(request, shown | (extra_context or {}))

    def get_urls(self):
        return [
            path("account/", self.admin_view(account.account), name="account"),
            path("checks/", self.admin_view(self.checks), name="checks"),
            path("second-factor/", second_factor.verify, name="second-factor"),
            path("second-factor/set-up/", second_factor.set_up, name="second-factor-set-up"),
            path("second-factor/remove/", second_factor.remove, name="second-factor-remove"),
            *super().get_urls(),
        ]

    def checks(self, request):
        from lunar.desk import checks  # it knows every app, and each app's admin needs this site

        return checks.page(request)
