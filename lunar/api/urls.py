from django.urls import path, re_path

from lunar.api import views

urlpatterns = [
    path("", views.IndexView.as_view(), name="api"),
    path("openapi.json", views.DocumentView.as_view(), name="api-openapi"),
    path("docs/", views.DocumentationView.as_view(), name="api-docs"),
    path("<str:kind>/", views.ListView.as_view(), name="api-list"),
    path("<str:kind>/<str:key>/", views.RecordView.as_view(), name="api-record"),
    re_path("", views.UnknownView.as_view(), name="api-unknown"),
]
