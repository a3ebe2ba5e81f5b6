"""Every address of the site. Slugs never change meaning, and addresses never die."""

from django.contrib import admin
from django.urls import include, path

from diplomacy.feeds import whereabouts
from lunar import views
from lunar.search.views import SearchView, suggest
from lunar.timeline import TimelineView

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("api/v1/", include("lunar.api.urls")),
    path("missions/timeline/", TimelineView.as_view(), name="timeline"),
    path("missions/", include("missions.urls")),
    path("diplomacy/", include("diplomacy.urls")),
    path("", include("lunar.parties.urls")),
    path("sources/", include("lunar.sources.urls")),
    path("search/", SearchView.as_view(), name="search"),
    path("search/suggest/", suggest, name="search-suggest"),
    path("about/", views.AboutView.as_view(), name="about"),
    path("about/method/", views.MethodView.as_view(), name="method"),
    path("about/reliability/", views.ReliabilityView.as_view(), name="reliability"),
    path("about/coverage/", views.CoverageView.as_view(), name="coverage"),
    path("about/exclusions/", views.ExclusionsView.as_view(), name="exclusions"),
    path("about/gallery/", views.GalleryView.as_view(), name="gallery"),
    path("", include("lunar.desk.urls")),
    path("feeds/whereabouts.atom", whereabouts, name="whereabouts-feed"),
    path("pictures/", include("lunar.pictures.urls")),
    path("data/", include("lunar.data.urls")),
    path("", include("lunar.citing.urls")),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_contact, name="security-contact"),
    path("admin/", admin.site.urls),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = "lunar.operations.outages.failure"
