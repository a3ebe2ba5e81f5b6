"""Accounts and roles, for administrators. What each role may do is fixed in `lunar.desk.roles`."""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from lunar.desk import second_factor
from lunar.desk.models import EditorProfile, SecondFactorRule

# Keys of second factors are nobody's to see; an administrator can only remove them.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


class EditorProfileInline(admin.StackedInline):
    model = EditorProfile
    can_delete = False
    verbose_name_plural = "name in public"

    def has_view_permission(self, request, obj=None):
        return True  # whoever opens the account

    def has_add_permission(self, request, obj):
        return request.user.has_perm("auth.change_user")

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_user")


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts. Rights come with roles; only a superuser makes or changes another one."""

    inlines = [EditorProfileInline]
    list_display = ["username", "first_name", "last_name", "is_active", "roles", "second_factor"]
    list_filter = ["is_active", "is_staff", "groups"]
    actions = ["remove_second_factor"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Who it is", {"fields": ["first_name", "last_name", "email"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        ("When", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups", "totpdevice_set")

    def get_readonly_fields(self, request, obj=None):
        alone = [] if request.user.is_superuser else ["is_superuser"]
        return [*super().get_readonly_fields(request, obj), *alone]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.is_within_reach(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.is_within_reach(request, obj)

    def is_within_reach(self, request, account):
        """Whether nothing but the right to look after accounts is needed for this one."""
        return account is None or not account.is_superuser or request.user.is_superuser

    @admin.display(description="Roles")
    def roles(self, account):
        return ", ".join(group.name for group in account.groups.all())

    @admin.display(description="Second factor", boolean=True)
    def second_factor(self, account):
        return any(device.confirmed for device in account.totpdevice_set.all())

    @admin.action(description="Remove the second factor (lost phone)", permissions=["change"])
    def remove_second_factor(self, request, accounts):
        for account in accounts:
            if not self.has_change_permission(request, account):
                raise PermissionDenied("Only a superuser changes a superuser's account.")
            second_factor.forget(account)
            self.log_change(request, account, "Second factor removed.")
        self.message_user(
            request, f"{len(accounts)} accounts have no second factor now.", messages.SUCCESS
        )


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles, to be looked at: what they may do is tested, so it is not for changing here."""

    list_display = ["name", "members"]

    @admin.display(description="Members")
    def members(self, group):
        return group.user_set.count()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(SecondFactorRule)
class SecondFactorRuleAdmin(admin.ModelAdmin):
    list_display = ["group"]
    fields = ["group"]
