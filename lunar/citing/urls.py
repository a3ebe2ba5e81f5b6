from django.urls import path

from lunar.citing import views
from lunar.citing.sitemap import sitemap, sitemap_part

urlpatterns = [
    path("cite/<slug:model_name>/<slug:key>/", views.cite, name="cite"),
    path("cite/<slug:model_name>/<slug:key>.<slug:ending>", views.cite_file, name="cite-file"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<int:section>.xml", sitemap_part, name="sitemap-part"),
]
