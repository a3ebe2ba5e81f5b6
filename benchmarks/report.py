"""What a run has found, for people: a table of the pages, and each goal with whether it is met."""

from dataclasses import dataclass

LISTS = ("list", "list of 100", "deep page", "filtered", "sorted, indexed", "sorted, other")
RECORDS = ("record: transfer", "record: mission", "record: country", "record: source")
GROWING = ("list", "deep page", "filtered", "sorted, indexed", "search")
CSV = "CSV of everything"
SERVERS = ("not cached", "cached", "conditional", "plain", "datasette", "nginx", "granian file")


@dataclass
class Goal:
    """One goal: what is compared, what was found, and how much it may be."""

    name: str
    page: str
    value: float | None
    limit: float
    at_least: bool = False

    @property
    def is_met(self):
        """True or False; None where something was not measured."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def cpu(found, page, server):
    """Return CPU milliseconds for each request, or None."""
    return found["pages"].get(page, {}).get("servers", {}).get(server, {}).get("cpu_ms")


def ratio(one, other):
    return one / other if one is not None and other else None


def rows_per_second(found, page, server):
    measured = found["pages"].get(page, {})
    speed = measured.get("servers", {}).get(server, {}).get("per_second", {}).get("1")
    return speed * measured["rows"] if speed else None


def goals(found):
    """Return every Goal for one size, in the order of the list of goals."""

    def against(name, pages, server, peer, limit):
        return [
            Goal(name, page, ratio(cpu(found, page, server), cpu(found, page, peer)), limit)
            for page in pages
            if page in found["pages"]
        ]

    start = found["start_up"]["not cached"]["seconds"]
    made = [
        *against("CPU of a list beside plain", LISTS, "not cached", "plain", 1 / 10),
        *against("CPU of a list beside Datasette", LISTS, "not cached", "datasette", 1 / 3),
        *against("CPU of a record beside plain", RECORDS, "not cached", "plain", 1),
        *(
            Goal("queries of a record", page, found["pages"][page]["queries"], 11)
            for page in RECORDS
            if page in found["pages"]
        ),
        *against("CPU of a cached page beside nginx", found["pages"], "cached", "nginx", 5),
        *against("CPU of a 304 beside nginx", found["pages"], "conditional", "nginx", 5),
        *against("CPU of a search beside Datasette", ["search"], "not cached", "datasette", 1),
        *against(
            "CPU of the API beside Datasette", ["API, 100 rows"], "not cached", "datasette", 1
        ),
        Goal(
            "rows a second beside Datasette",
            CSV,
            ratio(*(rows_per_second(found, CSV, name) for name in ("not cached", "datasette"))),
            2,
            at_least=True,
        ),
        Goal("seconds to the first answer", "about", start, 1.5),
        Goal("MB of memory", "two workers", found["memory_mb"]["all"], 250),
    ]
    has_file = {page for page in found["pages"] if cpu(found, page, "nginx") is not None}
    return [goal for goal in made if "nginx" not in goal.name or goal.page in has_file]


def growth(small, large):
    """Return the goals of how much more a larger record may cost."""
    return [
        Goal(
            "CPU beside the smallest size",
            page,
            ratio(cpu(large, page, "not cached"), cpu(small, page, "not cached")),
            2,
        )
        for page in GROWING
        if page in large["pages"] and page in small["pages"]
    ]


def tables(found):
    """Return the lines of a report on one size."""
    servers = [
        name for name in SERVERS if any(name in page["servers"] for page in found["pages"].values())
    ]
    lines = ["CPU ms for each request (first: time of a first request, not cached)", ""]
    lines.append(_row(["page", "queries", "bytes", "first", *servers]))
    for page, measured in found["pages"].items():
        own = measured["servers"].get("not cached", {})
        cells = [
            page,
            _plain(measured["queries"]),
            _plain(own.get("bytes")),
            _number(own.get("first_ms")),
        ]
        lines.append(_row([*cells, *(_cpu(measured["servers"].get(name)) for name in servers)]))
    for connections in ("1", "16"):
        lines += ["", f"Answers a second, {connections} connection{'s'[: connections != '1']}", ""]
        lines.append(_row(["page", "", "", "", *servers]))
        for page, measured in found["pages"].items():
            speeds = [
                _number(measured["servers"].get(name, {}).get("per_second", {}).get(connections))
                for name in servers
            ]
            if any(speed != "-" for speed in speeds):
                lines.append(_row([page, "", "", "", *speeds]))
    if CSV in found["pages"]:
        lines += ["", "Rows a second in the CSV of everything: "]
        lines[-1] += ", ".join(
            f"{name} {speed:,.0f}"
            for name in servers
            if name != "conditional" and (speed := rows_per_second(found, CSV, name))
        )
    lines += ["", *_summary(found), "", *goal_lines(goals(found)), ""]
    return lines + [f"Note: {note}" for note in found["notes"]]


def _summary(found):
    memory = found["memory_mb"]
    lines = [
        "Start to first answer (CPU): "
        + ", ".join(
            f"{name} {start['seconds']:.2f} s ({start['cpu_seconds']:.2f})"
            for name, start in found["start_up"].items()
        ),
        f"Memory of the site: {memory['all']:.0f} MB, of it {memory['own']:.0f} MB its own, "
        f"in {memory['processes']} processes",
    ]
    if "load_seconds" in found:
        lines.append(f"Load of the fixtures into an empty database: {found['load_seconds']:.1f} s")
    return lines


def goal_lines(made):
    lines = [f"{'goal':<36}{'page':<20}{'found':>10}{'goal':>10}"]
    for goal in made:
        limit = f"{'>=' if goal.at_least else '<='} {goal.limit:.3g}"
        verdict = {True: "met", False: "NOT MET", None: "not measured"}[goal.is_met]
        found = "-" if goal.value is None else f"{goal.value:.3g}"
        lines.append(f"{goal.name:<36}{goal.page:<20}{found:>10}{limit:>10}  {verdict}")
    return lines


def _row(cells):
    first, *rest = cells
    return f"{first:<20}" + "".join(f"{cell:>13}" for cell in rest)


def _plain(value):
    return "-" if value is None else f"{value:,}"


def _number(value):
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _cpu(measured):
    """Return a cell: CPU ms, or what kept it from being measured."""
    if measured is None:
        return "-"
    if "over_seconds" in measured:
        return f"over {measured['over_seconds']} s"
    if measured["status"] not in {200, 304}:
        return f"status {measured['status']}"
    mark = "!" if measured["failed"] else ""
    return _number(measured["cpu_ms"]) + mark
