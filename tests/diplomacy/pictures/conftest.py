from types import SimpleNamespace

import pytest

from tests import factories as make


@pytest.fixture
def ledger():
    """Two givers: a gift and a request, a goodwill series, a loan abroad, and a draft."""
    us = make.make_country(code="US", name="United States", name_in_text="the United States")
    china = make.make_country(code="CN", name="China")
    ussr = make.make_country(
        code="SUHH",
        name="Soviet Union",
        kind="former_state",
        valid_to="1991",
        successors=[make.make_country(code="RU", name="Russia")],
    )
    france = make.make_country(code="FR", name="France")
    malta = make.make_country(code="MT", name="Malta")
    utah = make.make_country(code="US-UT", name="Utah", kind="us_state", part_of=us)
    series = make.make_series(slug="apollo-17", name="Apollo 17 displays", is_goodwill=True)

    def transfer(giver, recipient, *acts, **fields):
        made = make.make_transfer(giver=giver, recipient=recipient, **fields)
        for kind, date in acts:
            make.make_act(made, kind=kind, date=date)
        made.refresh_from_db()
        return made

    transfers = SimpleNamespace(
        gift=transfer(china, france, ("given", "2023-04-06"), mass_g="1.5", title="Soil"),
        unweighed=transfer(china, france, ("given", "2023"), title="More"),
        sought=transfer(us, china, ("requested", "2020"), ("refused", "2021-05"), kind="loan"),
        soviet=transfer(us, ussr, ("exchanged", "1971-06-10"), kind="exchange", mass_g="6"),
        loan=transfer(us, france, ("lent", "../1994"), kind="loan"),
        stolen=transfer(us, malta, ("given", "1973"), ("stolen", "2004"), series=series),
        undated=transfer(us, utah, ("given", ""), series=series),
        untold=transfer(us, france, series=series),
    )
    make.make_act(make.make_transfer(title="Secret", state="draft"), kind="given", date="1950")
    return SimpleNamespace(
        us=us, china=china, ussr=ussr, france=france, malta=malta, utah=utah, transfers=transfers
    )
