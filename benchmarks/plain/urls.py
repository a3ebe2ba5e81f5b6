from django.urls import path

from benchmarks.plain import views

urlpatterns = [
    path("transfers/", views.TransferList.as_view()),
    path("transfers.csv", views.as_csv),
    path("transfers/<slug:slug>/", views.TransferDetail.as_view()),
    path("missions/", views.MissionList.as_view()),
    path("missions/<slug:slug>/", views.MissionDetail.as_view()),
    path("countries/<slug:slug>/", views.CountryDetail.as_view()),
    path("sources/<slug:slug>/", views.SourceDetail.as_view()),
    path("search/", views.Search.as_view()),
    path("api/transfers/", views.api_list),
    path("api/transfers/<slug:slug>/", views.api_record),
]
