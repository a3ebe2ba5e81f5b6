"""What is found, in which order; the same on SQLite and PostgreSQL, whichever runs the tests."""

from functools import partial

import pytest

from lunar.search.backends.many import Many
from lunar.search.engine import MOST_COUNTED, MOST_LISTED, PER_PAGE, Count, Query, Search
from lunar.search.results import search, suggestions
from lunar.sources.derivation import postponed
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A small record with names in many scripts."""
    with postponed():
        china = make.make_country(name="China", code="CN", native_name="中国", native_language="zh")
        france = make.make_country(name="France", code="FR")
        make.make_programme(
            name="Chang'e", native_name="嫦娥工程", name_meaning="The Moon goddess of legend"
        )
        five = make.make_mission(
            name="Chang'e 5",
            native_name="嫦娥五号",
            native_language="zh",
            other_names="CE-5; Chang’e-5; 창어 5호",
            cospar_id="2020-087A",
            result="Brought 1,731 g of soil from Mons Rümker.",
        )
        make.make_landing(five, site_name="Statio Tianchuan")
        make.make_mission(
            name="Chang'e 6", native_name="嫦娥六号", other_names="CE-6", cospar_id="2024-083A"
        )
        make.make_mission(
            name="Queqiao-1", native_name="鹊桥一号", name_meaning="Magpie Bridge", result="Relay."
        )
        make.make_mission(name="Luna 16", native_name="Луна-16", result="Brought soil.")
        make.make_mission(name="Luna 2", native_name="Луна-2")
        eleven = make.make_mission(name="Apollo 11", cospar_id="1969-059A")
        make.make_spacecraft(eleven, name="Eagle (lunar module)")
        make.make_mission(name="Chandrayaan-3", native_name="चंद्रयान-3")
        transfer = make.make_transfer(
            title="Chang'e 5 soil from China to France, 2023",
            giver=china,
            recipient=france,
            material="Soil CE5C0100YJFM001",
        )
        make.make_act(transfer, place="Muséum national d’Histoire naturelle")
        make.make_person(name="Zbigniew Brzeziński", known_for="Took a stone to China")
        make.make_organization(
            name="National Aeronautics and Space Administration", short_name="NASA"
        )
        make.cite(
            five,
            "launch",
            make.make_source(
                title="嫦娥五号任务月球样品国际借用申请结果发布",
                title_english="Results of the loan of Chang'e 5 samples",
                publisher="CNSA",
                language="zh-Hans",
            ),
        )


SOURCE = "嫦娥五号任务月球样品国际借用申请结果发布"
FIVE_AND_ALL_THAT_NAMES_IT = [
    "Chang&#x27;e 5",
    "Chang&#x27;e 5 soil from China to France, 2023",
    SOURCE,
]
FOUND = {
    # However it is written
    "change 5": FIVE_AND_ALL_THAT_NAMES_IT,
    "Chang'e-5": FIVE_AND_ALL_THAT_NAMES_IT,
    "chang’e 5": FIVE_AND_ALL_THAT_NAMES_IT,
    "CHANGE5": FIVE_AND_ALL_THAT_NAMES_IT,
    "5 change": FIVE_AND_ALL_THAT_NAMES_IT,
    "chang e 5": FIVE_AND_ALL_THAT_NAMES_IT,
    "“Chang‘e—5”": FIVE_AND_ALL_THAT_NAMES_IT,
    "CE-5": ["Chang&#x27;e 5", "Chang&#x27;e 5 soil from China to France, 2023"],
    "ce5": ["Chang&#x27;e 5", "Chang&#x27;e 5 soil from China to France, 2023"],
    # In any script, from any part
    "嫦娥五号": ["Chang&#x27;e 5", SOURCE],
    "嫦娥": ["Chang&#x27;e 5", "Chang&#x27;e 6", "Chang&#x27;e", SOURCE],
    "五号": ["Chang&#x27;e 5", SOURCE],
    "月球样品": [SOURCE],
    "号": ["Chang&#x27;e 5", "Chang&#x27;e 6", "Queqiao-1", SOURCE],
    "창어": ["Chang&#x27;e 5"],
    "창어 5호": ["Chang&#x27;e 5"],
    "луна": ["Luna 2", "Luna 16"],
    "Луна-16": ["Luna 16"],
    "चंद्रयान": ["Chandrayaan-3"],
    "中国": ["China", "Chang&#x27;e 5 soil from China to France, 2023"],
    # By meaning, number, short name, code, part
    "magpie bridge": ["Queqiao-1"],
    "moon goddess": ["Chang&#x27;e"],
    "2020-087A": ["Chang&#x27;e 5"],
    "2020-087": ["Chang&#x27;e 5"],
    "2020087a": ["Chang&#x27;e 5"],
    "CE5C0100YJFM001": ["Chang&#x27;e 5 soil from China to France, 2023"],
    "CE5C0100": ["Chang&#x27;e 5 soil from China to France, 2023"],
    "nasa": ["National Aeronautics and Space Administration"],
    "eagle": ["Apollo 11"],
    "tianchuan": ["Chang&#x27;e 5"],
    "mons rumker": ["Chang&#x27;e 5"],
    "museum national dhistoire": ["Chang&#x27;e 5 soil from China to France, 2023"],
    "brzezinski": ["Zbigniew Brzeziński"],
    # The last word unfinished, and only the last
    "chang": ["Chang&#x27;e 5", "Chang&#x27;e 6", "Chang&#x27;e", *FIVE_AND_ALL_THAT_NAMES_IT[1:]],
    "luna 1": ["Luna 16"],
    "lun 16": [],
    # The name itself, names that begin so, names, texts
    "luna": ["Luna 2", "Luna 16", "Apollo 11"],
    "china": ["China", "Chang&#x27;e 5 soil from China to France, 2023", "Zbigniew Brzeziński"],
    "soil": ["Chang&#x27;e 5 soil from China to France, 2023", "Luna 16", "Chang&#x27;e 5"],
    "france": ["France", "Chang&#x27;e 5 soil from China to France, 2023"],
    "change": ["Chang&#x27;e", "Chang&#x27;e 5", "Chang&#x27;e 6", *FIVE_AND_ALL_THAT_NAMES_IT[1:]],
    # All words have to be there
    "soil france": ["Chang&#x27;e 5 soil from China to France, 2023"],
    "soil apollo": [],
}


@pytest.mark.parametrize("words", FOUND)
def test_what_is_found_and_in_which_order(world, names_found, words):
    assert names_found(words) == FOUND[words]


HARMLESS = [
    '"',
    '""',
    "'",
    "*",
    "%",
    "_",
    "\\",
    ":*",
    "&",
    "|",
    "!",
    "<->",
    "()",
    "\x00",
    "\ud800",
    "\u202e",
    "“…”",
    "🌕",
    "a\x00",
    '" OR 1=1 --',
    "luna AND",
    "NOT luna",
    "luna OR zzz",
    "NEAR(luna 16)",
    "names: luna",
    "{names} : luna",
    "^luna",
    "lu*na",
    "'luna' & !'soil'",
    "luna:*",
    "luna <-> 16",
    "search_words MATCH luna",
    "%s %d %(x)s {0}",
    "ﷺ" * 5,
    "\u0e47" * 50,
    "\U000e0041tag",
    "𝕷𝖚𝖓𝖆",
    "Ⅳ ½ ² ㉈",
]


@pytest.mark.parametrize("words", HARMLESS)
def test_no_sign_is_read_as_syntax(client, world, words):
    response = client.get("/search/", {"q": words.encode("utf-8", "surrogatepass")})

    assert response.status_code == 200
    assert response.context["answer"].total is not None


def test_operators_are_words_like_others(world, names_found):
    assert names_found("luna OR soil") == []
    assert names_found("luna NOT soil") == []
    assert names_found("luna*") == FOUND["luna"]
    assert names_found("𝕷𝖚𝖓𝖆 ²") == ["Luna 2"]


def test_a_kind_can_be_chosen(world, names_found):
    assert names_found("change 5", "mission") == ["Chang&#x27;e 5"]
    assert names_found("change 5", "source") == [SOURCE]
    assert names_found("change 5", "person") == []


def test_kinds_are_counted_whichever_is_chosen(world):
    for kind in ("", "mission", "person"):
        answer = search("change 5", kind)
        assert {facet.value: facet.count for facet in answer.facets} == {
            "mission": 1,
            "transfer": 1,
            "source": 1,
        }
    assert search("change 5").total == 3
    assert search("change 5", "mission").total == 1
    assert search("change 5", "person").total == 0


def test_pages_show_every_result_once_and_the_last_one_stands_for_those_beyond(names_found):
    with postponed():
        for number in range(PER_PAGE * 2 + 1):
            make.make_mission(name=f"Zond {number}", result="zond")

    pages = [names_found("zond", page=page) for page in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [PER_PAGE, PER_PAGE, 1, 1]
    assert pages[0] + pages[1] + pages[2] == [f"Zond {n}" for n in range(PER_PAGE * 2 + 1)]
    assert pages[2] == pages[3]
    assert search("zond", page=2).first == PER_PAGE + 1
    assert search("zond", page=3).last == PER_PAGE * 2 + 1


@pytest.mark.parametrize("limit", [5, 6, 7])
def test_no_more_are_listed_than_the_limit(monkeypatch, limit):
    monkeypatch.setattr("lunar.search.engine.MOST_LISTED", limit)
    monkeypatch.setattr("lunar.search.results.PER_PAGE", 2)
    with postponed():
        for number in range(6):
            make.make_mission(name=f"Zond {number}")

    answer = search("zond", page=9)

    assert answer.total == 6
    assert answer.listed == min(6, limit)
    assert answer.pages == 3
    assert len(answer.found) == 2 if limit > 5 else 1


@pytest.mark.parametrize(("limit", "told"), [(5, None), (6, 6), (7, 6)])
def test_so_many_are_counted_and_more_are_told_as_more(monkeypatch, names_found, limit, told):
    monkeypatch.setattr("lunar.search.engine.MOST_COUNTED", limit)
    with postponed():
        for number in range(3):
            make.make_mission(name=f"Zond {number}")
            make.make_transfer(title=f"A stone of Zond {number}")

    answer = search("zond")

    assert answer.total == told
    assert {facet.count for facet in answer.facets} == ({3} if told else {None})
    assert search("zond", "mission").total == 3
    assert names_found("zond") == [
        *(f"Zond {n}" for n in range(3)),
        *(f"A stone of Zond {n}" for n in range(3)),
    ]


@pytest.mark.parametrize("first", [8 * 512, 9 * 512], ids=["in the sample", "out of it"])
@pytest.mark.parametrize(("limit", "told"), [(2, None), (3, 3)])
def test_a_sample_never_tells_of_more_than_there_are(monkeypatch, first, limit, told):
    monkeypatch.setattr("lunar.search.engine.MOST_COUNTED", limit)
    with postponed():
        for number in range(3):
            make.make_mission(pk=first + number, name=f"Zond {number}")

    answer = search("zond")

    assert answer.total == told
    assert len(answer.found) == 3


@pytest.mark.parametrize("walked", [0, 1, 32_000])
@pytest.mark.parametrize("few", [0, 1, 2])
@pytest.mark.parametrize("few_of_sample", [0, 2])
def test_the_order_is_the_same_where_many_fit(
    world, monkeypatch, names_found, few_of_sample, few, walked
):
    monkeypatch.setattr("lunar.search.engine.MOST_COUNTED", few)
    monkeypatch.setattr(Many, "SORTED", few)
    monkeypatch.setattr("lunar.search.backends.many.FEW", few_of_sample)
    monkeypatch.setattr("lunar.search.backends.many.WALKED", walked)

    assert {words: names_found(words) for words in FOUND} == FOUND


@pytest.mark.parametrize("walked", [0, 32_000])
@pytest.mark.parametrize("per_page", [1, 3, 7])
def test_pages_are_the_same_where_many_fit(monkeypatch, names_found, per_page, walked):
    with postponed():
        for number in range(9):
            make.make_mission(name=f"Zond {number}")
            make.make_mission(name=f"Luna {number}", other_names=f"Zond {number}B", result="zond")
            make.make_programme(name=f"Zonda {number}", native_name=f"Zond {number}")
            make.make_transfer(title=f"A stone of Zond {number}")
    expected = names_found("zond") + names_found("zond", page=2)
    of_missions = names_found("zond", "mission")
    monkeypatch.setattr("lunar.search.engine.MOST_COUNTED", 0)
    monkeypatch.setattr(Many, "SORTED", 0)
    monkeypatch.setattr("lunar.search.backends.many.WALKED", walked)
    monkeypatch.setattr("lunar.search.results.PER_PAGE", per_page)

    def on_pages(count, *kind):
        pages = [names_found("zond", *kind, page=n + 1) for n in range(-(-count // per_page) + 1)]
        return [name for page in pages for name in page]

    assert len(expected) == 36
    assert on_pages(36) == expected
    assert on_pages(18, "mission") == of_missions


def test_limits_leave_room_for_the_whole_record():
    assert PER_PAGE < MOST_LISTED < MOST_COUNTED
    assert Count(None, None).listed == MOST_LISTED


def test_a_search_takes_no_more_queries_the_more_is_found(queries_of):
    def ask():
        search("zond", "mission")
        search("zond", page=2)

    with postponed():
        make.make_mission(name="Zond 1")
    few = queries_of(ask)

    with postponed():
        for number in range(30):
            make.make_mission(name=f"Zond {number}")
            make.make_transfer(title=f"Zond {number}")

    assert queries_of(ask) <= few


@pytest.mark.django_db(transaction=True)
def test_what_was_counted_for_one_page_is_not_counted_for_the_next(kept, queries_of):
    make.make_mission(name="Zond 1")
    first = queries_of(partial(search, "zond"))
    second = queries_of(partial(search, "zond", page=2))

    assert second < first
    assert queries_of(partial(search, "zond", "mission")) > second

    make.make_mission(name="Zond 2")
    assert search("zond").total == 2
    assert search("zond 2").total == 1


def test_names_alone_are_suggested(world):
    query = Query.of("soil")
    titles = search("soil", "transfer").total

    assert len(Search(query).best(0, 9, names_only=True)) == titles == 1


@pytest.mark.parametrize("few", [0, 1])
def test_the_same_names_are_suggested_where_there_are_many(world, monkeypatch, few):
    def suggested():
        return {words: suggestions(words) for words in FOUND}

    expected = suggested()
    monkeypatch.setattr(Many, "SORTED", few)

    assert suggested() == expected


def test_nothing_typed_finds_nothing(world):
    assert search("").found == []
    assert search("").total == 0
    assert Search(Query.of("…")).best(0, 9) == {}
