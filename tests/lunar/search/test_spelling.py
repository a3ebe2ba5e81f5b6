"""“Did you mean”: a name that is spelt much like what was typed."""

import pytest

from lunar.search.models import NameWord, Spelling
from lunar.search.results import FEW, search
from lunar.search.spelling import MOST_CORRECTED, did_you_mean, distance, forget_unused, learn
from lunar.sources.derivation import postponed
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with postponed():
        make.make_programme(name="Artemis")
        make.make_mission(name="Chang'e 5", native_name="嫦娥五号", other_names="CE-5")
        make.make_mission(name="Chang'e 6", result="Flew 55 days.")
        make.make_mission(name="Luna 16", native_name="Луна-16")
        make.make_mission(name="Apollo 11")
        make.make_person(name="Zbigniew Brzeziński")
        make.make_source(title="Never cited, Artemiss")
        make.make_mission(name="Artmisia", state="draft")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Artmis", "Artemis"),
        ("Artemsi", "Artemis"),
        ("Aretmis", "Artemis"),
        ("artemiss", "Artemis"),
        ("Chang'e 55", "Chang&#x27;e 5"),
        ("Cahng'e 5", "Chang&#x27;e 5"),
        ("Lnua 16", "Luna 16"),
        ("lunna 61", "Luna 16"),
        ("apolo 11", "Apollo 11"),
        ("Bzrezinsky", "brzezinski"),
        ("嫦俄五号", "Chang&#x27;e 5"),
        ("Лунна-16", "Luna 16"),
        ("selenographia", ""),
        ("artemis", ""),
        ("luna 16", ""),
        ("x", ""),
        ("", ""),
        ("…", ""),
    ],
)
def test_a_name_spelt_much_alike_is_offered(client, world, typed, meant):
    page = client.get("/search/", {"q": typed}).content.decode()

    if meant:
        assert f">{meant}</a>?" in page
    else:
        assert "Did you mean" not in page


def test_what_is_offered_finds_something(world):
    for typed in ("Artmis", "Chang'e 55", "Bzrezinsky", "嫦俄五号"):
        assert search(did_you_mean(typed)).found


def test_no_draft_is_offered_and_no_source_that_nothing_public_rests_on(world):
    assert did_you_mean("artmisi") == "Artemis"
    assert did_you_mean("never citet") == ""


def test_a_text_that_was_found_often_is_no_spelling_mistake(world):
    with postponed():
        for _ in range(FEW):
            make.make_mission(name="A probe", result="artemi")

    assert search("artemi").did_you_mean == ""
    assert search("artems").did_you_mean == "Artemis"


@pytest.mark.parametrize("number", [MOST_CORRECTED, MOST_CORRECTED + 1])
def test_of_so_many_words_the_spelling_is_looked_at(number):
    words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf"][:number]
    make.make_mission(name=" ".join(words).title())

    typed = " ".join(words).replace("bravo", "brvao")

    assert bool(did_you_mean(typed)) == (number <= MOST_CORRECTED)


def test_spelling_takes_the_same_number_of_queries_however_many_names_there_are(queries_of):
    make.make_mission(name="Luna 16")
    few = queries_of(lambda: did_you_mean("lnua 16"))

    with postponed():
        for number in range(30):
            make.make_mission(name=f"Luna {number}")

    assert queries_of(lambda: did_you_mean("lnua 16")) == few


def test_words_are_learnt_once_and_forgotten_with_all_their_spellings():
    learn({"selena", "sel"})
    spellings = Spelling.objects.count()
    learn({"selena", "sel"})
    assert Spelling.objects.count() == spellings

    make.make_mission(name="Sel")
    forget_unused({"selena", "sel"})

    assert set(NameWord.objects.filter(word__startswith="sel").values_list("word", flat=True)) == {
        "sel"
    }
    assert not Spelling.objects.filter(key="-selena").exists()


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [
        ("luna", "luna", 0),
        ("luna", "lnua", 1),
        ("luna", "lun", 1),
        ("luna", "lunna", 1),
        ("luna", "lena", 1),
        ("", "luna", 4),
        ("brzezinski", "brezinsky", 2),
    ],
)
def test_wrong_letters_are_counted(one, other, wrong):
    assert distance(one, other) == distance(other, one) == wrong
