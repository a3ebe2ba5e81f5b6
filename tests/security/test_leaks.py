"""Nothing that is not public is told: in no page, file or header, and by no difference either.

What must be seen nowhere says SECRET in every text (see `tests.world`). The crawl of tests/
test_pages.py reads what links lead to; here is what no link leads to, what is no text, and what
somebody would ask for who guesses.
"""

import io
import re
import zipfile
from itertools import cycle, islice

import pytest
from django.test import Client

from lunar.api.kinds import kinds
from lunar.data.views import served
from lunar.pictures.cards import KINDS
from lunar.pictures.registry import pictures
from tests.security.addresses import addresses, values_of_places
from tests.world import SECRET

pytestmark = pytest.mark.django_db

NOTHING = "zugzwong"  # a word as long as SECRET that says nothing
VARYING = {"Content-Length", "ETag", "Last-Modified", "RateLimit", "X-Request-ID"}
# The time, in files and feeds, and what keeps forms from being forged.
MOMENT = re.compile(r'"generated": ?"[^"]*"|<updated>[^<]*|name="(stamp|csrf\w+)" value="[^"]*"')
HIDDEN = [SECRET, f"{SECRET}-review", f"{SECRET}-bare"]


@pytest.fixture(autouse=True)
def settings_of_one_reader(settings):
    settings.API_RATE_LIMIT = 10**9


def contents(data):
    """Yield the bytes of a file, and of all files in it that are packed."""
    yield data
    if data.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from contents(archive.read(name))


def told(response):
    """Return whether an answer says SECRET anywhere, its headers and packed files included."""
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    data = [headers.encode(), *contents(response.getvalue())]
    return any(SECRET.encode() in one.lower() for one in data)


def public_paths(world):
    """Return every public path, with all that may stand in its places."""
    values = values_of_places(world)
    found = []
    for address in addresses():
        if not address.is_of_the_desk:
            columns = [values[name] for name in address.places]
            number = max(map(len, columns), default=1)
            rows = zip(*(islice(cycle(column), number) for column in columns), strict=True)
            filled = [dict(zip(address.places, row, strict=True)) for row in rows] or [{}]
            found += [address.path(one) for one in filled]
    return found


def test_no_file_says_a_word_of_what_is_hidden(world):
    files = [f"/data/{name}" for name in served()]
    files += [f"/missions/?visitors=yes&format={ending}" for ending in ("csv", "json", "xlsx")]
    answers = {path: Client().get(path) for path in files}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(
        files, 200
    )
    assert [path for path, answer in answers.items() if told(answer)] == []


def test_the_api_says_no_word_of_what_is_hidden(world):
    told_in = []
    for kind in kinds():
        path = f"/api/v1/{kind}/?per_page=500&sources=included"
        for address in (path, f"{path}&updated_since=2000-01-01"):
            response = Client().get(address)
            assert response.status_code == 200
            told_in += [address] if told(response) else []

    assert told_in == []


@pytest.mark.parametrize("picture", pictures(), ids=lambda picture: picture.name)
def test_no_picture_says_a_word_of_what_is_hidden(world, picture):
    response = Client().get(f"/pictures/{picture.name}.svg")

    assert response.status_code == 200
    assert not told(response)


def test_no_address_says_a_word_of_what_is_hidden(world):
    paths = [path for path in public_paths(world) if not path.endswith(".png")]
    told_in = [path for path in paths if told(Client().get(path))]

    assert len(paths) > 200
    assert told_in == []


def test_no_refusal_says_a_word_of_what_is_hidden(world):
    """Forms offer what there is, also where a value is refused."""
    lists = [one for one in addresses() if one.filterset and not one.is_of_the_desk]
    asked = [f"/{one.route}?{name}=x&sort=x" for one in lists for name in one.parameters]
    asked += ["/missions/timeline/?by=x", "/diplomacy/?matrix=x", "/missions/map/?site=x"]
    asked += ["/search/?type=x", "/suggest/?record=mission/chang-e-5&field=x"]

    assert [address for address in asked if told(Client().get(address))] == []


def guesses():
    """Return addresses with {} where somebody who guesses would put a name."""
    found = [
        "/search/?q={}",
        "/search/suggest/?q={}",
        "/changes/?q={}",
        "/suggest/?record=mission/{}",
        "/suggest/?record=mission/chang-e-5&field={}",
        "/missions/chang-e-5/?as_of={}",
        "/missions/map/?site={}",
        "/diplomacy/transfers/feed.atom?series={}",
        "/diplomacy/transfers/feed.atom?q={}",
        "/pictures/moon-map.svg?programme={}",
        "/pictures/moon-map.svg?site={}",
        "/pictures/mass-returned.svg?q={}",
    ]
    for address in addresses():
        if address.is_of_the_desk:
            continue
        if address.filterset:
            names = [name for name in address.filterset.get_filters() if name not in {"from", "to"}]
            found += [f"/{address.route}?{name}={{}}" for name in names]
            found.append(f"/{address.route}?q={{}}&format=json")
        real = {"kind": "mission", "model_name": "mission", "ending": "bib", "one": "CN"}
        last = [name for name in address.places if name not in real]
        if last:
            found.append(address.path(real | dict.fromkeys(last, "{}")))
    for kind in kinds():
        found += [f"/api/v1/{kind}/{{}}/", f"/api/v1/{kind}/?q={{}}"]
    found += [f"/pictures/cards/{kind}/{{}}.png" for kind in KINDS]
    return found


def answer_to(address, word):
    """Return what an address answers to a word, with the word taken out."""
    response = Client().get(address.replace("{}", word))
    headers = sorted((name, value) for name, value in response.items() if name not in VARYING)
    said = f"{response.status_code}\n{headers}\n{response.getvalue().decode(errors='replace')}"
    said = MOMENT.sub("", said)
    return re.sub(re.escape(word), "…", said, flags=re.IGNORECASE)


def test_asking_for_what_is_hidden_is_answered_as_asking_for_what_is_not_there(world):
    different = []
    for place, address in enumerate(guesses()):
        hidden = HIDDEN[place % len(HIDDEN)]
        if answer_to(address, hidden) != answer_to(address, hidden.replace(SECRET, NOTHING)):
            different.append(address.replace("{}", hidden))

    assert different == []


def test_no_name_of_what_is_hidden_is_offered_for_a_misspelt_one(world):
    for path in ("/search/", "/search/suggest/"):
        response = Client().get(path, {"q": f"{SECRET}g"})

        assert SECRET not in response.content.decode().replace(f"{SECRET}g", "")
