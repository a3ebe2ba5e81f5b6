from django.urls import path

from missions import views

app_name = "missions"

urlpatterns = [
    path("", views.MissionListView.as_view(), name="mission-list"),
    path("programmes/", views.ProgrammeListView.as_view(), name="programme-list"),
    path("programmes/<slug:slug>/", views.ProgrammeDetailView.as_view(), name="programme-detail"),
    path("samples/", views.SampleListView.as_view(), name="sample-list"),
    path("map/", views.MapView.as_view(), name="map"),
    path("<slug:slug>/", views.MissionDetailView.as_view(), name="mission-detail"),
]
