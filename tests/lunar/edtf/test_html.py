import pytest
from django.utils.safestring import SafeString

from lunar.edtf import EdtfDate, EdtfError, time_element


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1978-05-22", '<time datetime="1978-05-22">22 May 1978</time>'),
        ("1978-05", '<time datetime="1978-05">May 1978</time>'),
        ("1978", '<time datetime="1978">1978</time>'),
        ("197X", "the 1970s"),
        ("1970~", "about 1970"),
        ("../1975", "in or before 1975"),
    ],
)
def test_time_element(text, html):
    element = time_element(EdtfDate(text))

    assert element == html
    assert isinstance(element, SafeString)


def test_empty_date_gives_nothing():
    assert time_element("") == ""
    assert isinstance(time_element(""), SafeString)


def test_text_that_is_no_date_never_reaches_the_page():
    with pytest.raises(EdtfError):
        time_element("<script>")
