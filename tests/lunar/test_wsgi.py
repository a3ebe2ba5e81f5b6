"""What stands before Django."""

import pytest

from tests.security.server import ask


@pytest.mark.parametrize("charset", ["idna", "undefined", "zip", "utf-16", "x", '"a;b"'])
@pytest.mark.parametrize("parameter", ["charset={}", "CHARSET = {}", "boundary=a; charset*=''{}"])
def test_no_request_chooses_the_character_set_of_its_address(db, charset, parameter):
    kind = f"text/html; {parameter.format(charset)}"
    answer = ask("/search/", "q=%C3%9F&b=1", CONTENT_TYPE=kind)

    assert answer.status == 200
    assert "“ß”" in answer.text


def test_a_form_keeps_the_boundary_of_its_parts(db):
    part = b'--a\r\nContent-Disposition: form-data; name="username"\r\n\r\nann\r\n--a--\r\n'
    token = "a" * 32
    answer = ask(
        "/admin/login/",
        method="POST",
        sent=part,
        CONTENT_TYPE="multipart/form-data; charset=utf-8; boundary=a",
        HTTP_COOKIE=f"csrftoken={token}",
        HTTP_X_CSRFTOKEN=token,
    )

    assert 'value="ann"' in answer.text
