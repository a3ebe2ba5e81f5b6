from django.urls import path

from lunar.pictures import views

app_name = "pictures"
urlpatterns = [
    path("cards/default.png", views.default_card, name="default-card"),
    path("cards/<slug:kind>/<slug:slug>.png", views.card, name="card"),
    path("<slug:name>.svg", views.picture_svg, name="svg"),
    path("<slug:name>.png", views.picture_png, name="png"),
]
