"""The name of the editors' desk; what can be edited is registered in each app's `admin`."""

from django.contrib import admin

admin.site.site_header = "Lunar Record — editors' desk"
admin.site.site_title = "Lunar Record"
admin.site.index_title = "What the record holds"
admin.site.enable_nav_sidebar = False  # base_site.html leads to every list in one line
