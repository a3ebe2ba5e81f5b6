from benchmarks.report import CSV, goals, growth, tables


def measured(**servers):
    """A page as a run finds it, from the CPU ms of each server."""
    return {
        "queries": 9,
        "rows": 0,
        "servers": {
            name.replace("_", " "): {
                "status": 200,
                "bytes": 1000,
                "first_ms": 5.0,
                "cpu_ms": cpu,
                "failed": 0,
                "per_second": {"1": 100.0},
            }
            for name, cpu in servers.items()
        },
    }


def found(**pages):
    return {
        "pages": {name.replace("_", " "): page for name, page in pages.items()},
        "notes": ["nginx is not installed: left out."],
        "start_up": {"not cached": {"seconds": 1.2, "cpu_seconds": 1.0}},
        "memory_mb": {"all": 200.0, "own": 150.0, "processes": 3},
    }


def goal(made, name):
    [one] = [goal for goal in made if goal.name == name]
    return one


def test_a_list_is_held_against_both_peers():
    made = goals(found(list=measured(not_cached=2.0, plain=40.0, datasette=5.0)))

    beside_plain = goal(made, "CPU of a list beside plain")
    beside_datasette = goal(made, "CPU of a list beside Datasette")
    assert (beside_plain.value, beside_plain.is_met) == (0.05, True)
    assert (beside_datasette.value, beside_datasette.is_met) == (0.4, False)


def test_what_no_peer_answered_is_not_measured():
    made = goals(found(list=measured(not_cached=2.0, plain=40.0)))

    assert goal(made, "CPU of a list beside Datasette").is_met is None


def test_a_cached_page_is_held_against_the_file_of_its_bytes():
    made = goals(
        found(
            list=measured(cached=0.08, nginx=0.02),
            search=measured(cached=0.08),  # of which no file is served
        )
    )

    cached = goal(made, "CPU of a cached page beside nginx")
    assert (cached.page, cached.value, cached.is_met) == ("list", 4.0, True)


def test_rows_of_a_file_are_counted_by_the_second():
    page = measured(not_cached=900.0, datasette=900.0) | {"rows": 1000}
    page["servers"]["datasette"]["per_second"]["1"] = 20.0

    one = goal(goals({**found(), "pages": {CSV: page}}), "rows a second beside Datasette")

    assert (one.value, one.is_met) == (5.0, True)


def test_growth_compares_the_pages_that_should_not_grow():
    small, large = (found(search=measured(not_cached=cpu)) for cpu in (2.0, 5.0))

    [one] = growth(small, large)

    assert (one.page, one.value, one.is_met) == ("search", 2.5, False)


def test_a_page_that_did_not_come_in_time_says_so():
    page = measured(plain=40.0)
    page["servers"]["not cached"] = {"over_seconds": 30}

    lines = tables(found(list=page))

    [row] = [line for line in lines if line.startswith("list ") and "over 30 s" in line]
    assert "40" in row
    assert lines[-1] == "Note: nginx is not installed: left out."
