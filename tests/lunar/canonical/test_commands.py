import io

import pytest
from django.core.management import CommandError, call_command

from lunar.management.progress import Progress
from lunar.parties.models import Country
from missions.models import Mission
from tests.lunar.canonical.sample import row, write_fixtures


def run(*arguments, **options):
    """Return what the command wrote, and its error or None."""
    stdout = io.StringIO()
    try:
        call_command(*arguments, stdout=stdout, **options)
    except CommandError as error:
        return stdout.getvalue(), error
    return stdout.getvalue(), None


@pytest.fixture
def written(db, directory, rows):
    return write_fixtures(directory, rows)


@pytest.fixture
def change(loaded, directory):
    """Change the fixture of one country."""

    def change(code, name):
        row(loaded, "countries", code)["name"] = name
        write_fixtures(directory, loaded)

    return change


@pytest.mark.usefixtures("loaded")
def test_load_says_first_what_it_will_do(directory, change):
    change("RU", "Russian Federation")

    told, error = run("load_record", directory)

    assert error is None
    assert told.splitlines()[:2] == [
        "0 to create, 1 to change, 0 to delete, 58 unchanged, 0 kept edits, 0 conflicts.",
        "change    parties.country:RU: name",
    ]
    assert Country.objects.get(code="RU").name == "Russian Federation"


def test_load_takes_the_fixtures_of_the_project_unless_told(written, settings):
    settings.FIXTURE_DIRS = [written]

    told, error = run("load_record")

    assert error is None
    assert told.startswith("59 to create")


def test_a_refused_load_names_everything_that_is_wrong(directory, rows, db):
    row(rows, "countries", "RU")["name"] = 7
    row(rows, "countries", "US")["colour"] = "blue"
    write_fixtures(directory, rows)

    told, error = run("load_record", directory)

    assert told == ""
    assert str(error).splitlines() == [
        "Nothing was loaded; the database is as it was.",
        "  countries.json: parties.country:RU: name: 7 must be text.",
        "  countries.json: parties.country:US: colour: is no field of this model.",
    ]
    assert not Country.objects.exists()


def test_a_load_with_a_conflict_does_the_rest_and_fails(directory, change):
    Country.objects.filter(code="FR").update(name="Edited")
    change("FR", "French Republic")
    change("RU", "Russian Federation")

    told, error = run("load_record", directory)

    assert error.returncode == 1
    assert (
        "conflict  parties.country:FR: changed by an editor and in the fixtures: name"
    ) in told.splitlines()
    assert Country.objects.get(code="FR").name == "Edited"
    assert Country.objects.get(code="RU").name == "Russian Federation"


def test_a_conflict_can_be_decided_for_the_fixtures(directory, change):
    Country.objects.filter(code="FR").update(name="Edited")
    change("FR", "French Republic")

    told, error = run("load_record", directory, "--theirs", "parties.country:FR")

    assert error is None
    assert "change    parties.country:FR: name" in told
    assert Country.objects.get(code="FR").name == "French Republic"


@pytest.mark.usefixtures("loaded")
def test_load_check_fails_if_a_load_would_change_anything(directory, change):
    assert run("load_record", directory, "--check")[1] is None
    change("RU", "Russian Federation")

    told, error = run("load_record", directory, "--check")

    assert "change    parties.country:RU: name" in told
    assert error.returncode == 1
    assert Country.objects.get(code="RU").name == "Russia"


def test_load_check_passes_over_edits_that_are_kept(loaded, directory):
    Country.objects.filter(code="FR").update(name="Edited")

    told, error = run("load_record", directory, "--check", verbosity=2)

    assert error is None
    assert "1 kept edit," in told
    assert "keep      parties.country:FR: name changed by an editor" in told


def test_load_check_refuses_what_cannot_be_read(written):
    (written / "acts.json").write_text("{")

    assert "acts.json, line 1, column 2" in str(run("load_record", written, "--check")[1])


def test_a_dry_run_writes_nothing(directory, change):
    change("RU", "Russian Federation")

    told, error = run("load_record", directory, "--dry-run")

    assert error is None
    assert "nothing was written" in told
    assert Country.objects.get(code="RU").name == "Russia"


def test_dump_writes_and_checks(loaded, tmp_path):
    out = tmp_path / "out"

    assert run("dump_record", out, "--check")[1].returncode == 1
    assert not out.exists()
    assert run("dump_record", out)[0].startswith("38 files written\n  sources.json\n")
    assert run("dump_record", out, "--check") == ("0 files differ\n", None)
    Mission.objects.filter(slug="luna-16").update(aim="Edited.")
    error = run("dump_record", out, "--check")[1]
    assert str(error) == "These fixtures differ from the database: missions.json"


def test_check_lists_what_is_wrong_and_fails(loaded):
    assert run("check_record") == ("The record is sound: nothing found.\n", None)
    Country.objects.filter(code="FR").update(search_text="x")

    told, error = run("check_record")

    assert told == "parties.country:FR: search_text: is 'x', but 'france fr' follows.\n"
    assert str(error) == "1 finding."
    told, error = run("check_record", "--fix")
    assert error is None
    assert told.startswith("repaired  parties.country:FR: search_text: was 'x'")


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def write(self, text, ending="\n"):
        return super().write(text + ending)


def test_progress_stays_on_one_line_of_a_terminal(monkeypatch):
    terminal, progress = Terminal(), None
    clock = iter(range(100))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    progress = Progress(terminal)

    progress("missions", 100, 212)
    progress("acts", 1, 2)
    progress.close()

    assert terminal.getvalue() == (
        "\r  missions 100/212\r  acts 1/2        \r" + " " * len("  acts 1/2") + "\r"
    )


def test_progress_fills_no_log(monkeypatch):
    class Log(Terminal):
        def isatty(self):
            return False

    log = Log()
    clock = iter([0, 0.2, 0.4, 1.1, 1.2, 1.3])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    progress = Progress(log)

    for done in range(1, 6):
        progress("missions", done, 5)
    progress.close()

    assert log.getvalue() == "  missions 3/5\n"
