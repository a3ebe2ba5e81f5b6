from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    """Django's admin, with the desk as its site."""

    default_site = "lunar.desk.site.DeskSite"
