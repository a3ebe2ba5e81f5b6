import pytest
from django import forms

from lunar.pictures import files

pytestmark = pytest.mark.django_db


class Size(forms.Form):
    size = forms.IntegerField(label="Size", required=False)


def test_svg_is_kept_from_doing_anything(client, sketch):
    response = client.get("/pictures/sketch.svg")

    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert sorted(response["Content-Security-Policy"].split("; ")) == [
        "default-src 'none'",
        "img-src data:",
        "sandbox",
        "style-src 'unsafe-inline'",
    ]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="lunar-record-sketch.svg"'


def test_png_keeps_the_policy_of_the_site(client, sketch):
    response = client.get("/pictures/sketch.png?programme=luna")

    assert response["Content-Type"] == "image/png"
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert response["Content-Disposition"] == 'inline; filename="lunar-record-sketch-luna.png"'


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_unchanged_picture_is_not_sent_again(client, sketch, ending):
    etag = client.get(f"/pictures/sketch.{ending}")["ETag"]
    response = client.get(f"/pictures/sketch.{ending}", headers={"If-None-Match": etag})

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == etag


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_bad_parameter_is_told_in_words(client, sketch, monkeypatch, ending):
    monkeypatch.setattr(sketch, "form", property(lambda self: Size(self.params)), raising=False)
    response = client.get(f"/pictures/sketch.{ending}?size=<big>")

    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
    assert "Size: Enter a whole number." in response.content.decode()


def test_image_that_takes_too_long_is_put_off(client, sketch, monkeypatch):
    monkeypatch.setattr(files, "PATIENCE", 0.001)
    response = client.get("/pictures/sketch.png?q=not-drawn-before")

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "try again" in response.content.decode()


@pytest.mark.parametrize("path", ["none.svg", "none.png", "sketch.gif", "cards/none/luna-1.png"])
def test_unknown_picture_is_not_found(client, sketch, path):
    assert client.get(f"/pictures/{path}").status_code == 404


def test_picture_takes_no_post(client, sketch):
    assert client.post("/pictures/sketch.svg").status_code == 405
