from django.urls import path

from diplomacy import feeds, views

app_name = "diplomacy"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("transfers/", views.TransferListView.as_view(), name="transfer-list"),
    path("transfers/feed.atom", feeds.transfers, name="transfer-feed"),
    path("transfers/<slug:slug>/", views.TransferDetailView.as_view(), name="transfer-detail"),
    path("displays/", views.DisplayListView.as_view(), name="display-list"),
    path("countries/", views.CountryListView.as_view(), name="country-list"),
    path("countries/<slug:code>/", views.CountryDetailView.as_view(), name="country-detail"),
    path("countries/<slug:one>/<slug:other>/", views.PairView.as_view(), name="pair"),
    path("agreements/", views.AgreementListView.as_view(), name="agreement-list"),
    path("agreements/<slug:slug>/", views.AgreementDetailView.as_view(), name="agreement-detail"),
    path("practices/<slug:slug>/", views.PracticeDetailView.as_view(), name="practice-detail"),
]
