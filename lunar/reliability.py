"""What the site promises of its security and reliability, and which test or program proves it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """One promise; `proofs` are paths in the repository, `figure` the least that must hold."""

    text: str
    proofs: tuple
    figure: str


@dataclass(frozen=True)
class Section:
    """Promises of one subject; `anchor` names it in the address."""

    anchor: str
    title: str
    promises: tuple


def _promise(text, proofs, figure):
    return Promise(text, tuple(proofs.split()), figure)


SECTIONS = (
    Section(
        "nothing-is-lost",
        "Nothing is lost",
        (
            _promise(
                "A load, an import or a merge happens whole or not at all.",
                "tests/lunar/canonical/test_crash.py tests/lunar/desk/exchange/test_crash.py "
                "tests/lunar/desk/test_crash.py tests/lunar/operations/test_crash.py",
                "No half-written record after being killed at any moment",
            ),
            _promise(
                "What an editor was told is saved survives the end of the server.",
                "tests/lunar/desk/test_concurrency.py",
                "0 lost",
            ),
            _promise(
                "Of two editors of one record, the second is told what the first changed.",
                "tests/lunar/desk/test_concurrency.py tests/lunar/desk/test_conflicts.py",
                "0 lost, every conflict told",
            ),
            _promise(
                "Loading the fixtures keeps what editors changed and lists each conflict.",
                "tests/lunar/desk/test_reconcile.py tests/lunar/canonical/test_loader.py",
                "0 changes lost",
            ),
            _promise(
                "Loaded and dumped again, the record is the same, on and across both databases.",
                "tests/lunar/canonical/test_databases.py tests/lunar/canonical/test_record.py",
                "Byte for byte",
            ),
            _promise(
                "A backup made while editors write restores into an empty place.",
                "tests/lunar/operations/test_backup.py tests/lunar/operations/test_restore.py",
                "Identical at its revision",
            ),
            _promise(
                "Every change is kept with who, when and why, and can be undone.",
                "tests/lunar/desk/test_history.py tests/lunar/desk/test_revert.py",
                "No change without a revision",
            ),
        ),
    ),
    Section(
        "nobody-gets-in",
        "Nobody gets in, nothing leaks",
        (
            _promise(
                "Each role can do its own actions and no others.",
                "tests/lunar/desk/test_matrix.py",
                "Every address of the desk for every role, asked for and sent to",
            ),
            _promise(
                "Drafts, withdrawn texts, suggestions, accounts and logins appear nowhere.",
                "tests/test_pages.py tests/security/test_leaks.py",
                "0 of the words planted in them, in pages, files, feeds, API and headers",
            ),
            _promise(
                "Whatever a text says, it stays a text.",
                "tests/security/test_injection.py",
                "14 hostile texts in every field of every kind of record",
            ),
            _promise(
                "No page runs a script of its own or loads anything from elsewhere.",
                "tests/lunar/test_views.py tests/security/test_headers.py "
                "tests/browser/test_walk.py",
                "The same strict headers on every address, pages and errors",
            ),
            _promise(
                "The login cannot be guessed, and tells nobody who has an account.",
                "tests/security/test_login.py tests/lunar/desk/test_accounts.py",
                "Same answer and same work for any name; 5 tries in 15 minutes",
            ),
            _promise(
                "Nobody is led to another site, and no form can be sent from one.",
                "tests/security/test_headers.py",
                "Each way in tried at each address",
            ),
            _promise(
                "In production it is safe as it comes, or does not start.",
                "tests/lunar/test_settings.py",
                "Django's deployment check without a warning",
            ),
        ),
    ),
    Section(
        "it-keeps-answering",
        "It keeps answering",
        (
            _promise(
                "No request of any shape makes the server fail.",
                "tests/security/test_fuzz.py",
                "Hundreds of hostile requests with each run of the tests, 0 answered with a 5xx",
            ),
            _promise(
                "A bad value is told in words; a list is never silently another.",
                "tests/security/test_refusals.py tests/lunar/test_filters.py",
                "Every filter, order and page number of every list, file and the API",
            ),
            _promise(
                "No request costs out of proportion.",
                "benchmarks/measure.py tests/security/test_fuzz.py",
                "Pages, files and searches bounded; at most 100 queries for any page",
            ),
            _promise(
                "While the cache, the disk or the database fails, the answer is a clear one.",
                "tests/lunar/operations/test_faults.py tests/lunar/operations/test_outages.py "
                "tests/lunar/operations/test_caches.py tests/lunar/operations/test_replica.py",
                "Each tried; recovers by itself",
            ),
            _promise(
                "Pages stay right while the record changes.",
                "tests/lunar/operations/test_readers.py tests/lunar/serving/test_pages.py",
                "No page older than a save that was acknowledged",
            ),
        ),
    ),
    Section(
        "it-stays-whole",
        "It stays whole",
        (
            _promise(
                "Migrations go back and forward on a database with a record in it.",
                "tests/security/test_migrations.py",
                "The same rows afterwards",
            ),
            _promise(
                "The HTML of every page is sound, and every link leads somewhere.",
                "tests/test_pages.py tests/browser/test_walk.py",
                "0 errors of the standard's own parser, 0 findings of axe",
            ),
            _promise(
                "Old addresses lead on.",
                "tests/lunar/test_details.py tests/lunar/desk/test_merging.py",
                "Every merged record",
            ),
            _promise(
                "The same tests pass on SQLite and on PostgreSQL, and warnings are errors.",
                ".ci/run",
                "Every change",
            ),
        ),
    ),
)
