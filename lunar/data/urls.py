"""Addresses under /data/: what there is, the files, the releases."""

from django.urls import path

from lunar.data import views

urlpatterns = [
    path("", views.DataView.as_view(), name="data"),
    path("releases/lunar-record-<str:version>.zip", views.release_file, name="release-file"),
    path("releases/<str:version>/", views.ReleaseView.as_view(), name="release"),
    path("<str:name>", views.export_file, name="data-file"),
]
