"""“Did you mean”: words of public names that are spelt much like what was typed.

Every word of a name is kept under keys: itself and itself less one letter, which finds a word with
one letter wrong, missing, too many or swapped; and for longer words every three letters in a row.
"""

from itertools import product

from django.db import connection
from django.db.models import Case, Count, Max, Value, When

from lunar.search.backends import ask, backend
from lunar.search.models import Entry, NameWord, Spelling
from lunar.search.words import Term, squeezed, terms, vocabulary

MOST_CORRECTED = 6  # words of one query
MOST_LETTERS = 24  # of a word whose single letters may be wrong
THREES_FROM = 5  # letters; shorter words have too little in common with anything
TWO_WRONG_FROM = 6  # letters; in shorter words one may be wrong
CANDIDATES = 40  # words looked at for each one typed
CHOICES = 12  # of them tried in the query
MOST_TRIED = 30  # queries tried
BATCH = 200
INSERT = f"INSERT INTO {Spelling._meta.db_table} (word_id, key) VALUES (%s, %s)"  # noqa: S608


def learn(words):
    """Keep the words of names that have become public."""
    wanted = sorted(words)
    known = set()
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        known.update(NameWord.objects.filter(word__in=batch).values_list("word", flat=True))
    new = [word for word in wanted if word not in known]
    NameWord.objects.bulk_create(
        [NameWord(word=word) for word in new], ignore_conflicts=True, batch_size=BATCH
    )
    for start in range(0, len(new), BATCH):
        stored = NameWord.objects.filter(word__in=new[start : start + BATCH])
        spelt = Spelling.objects.filter(word__in=[word.pk for word in stored]).order_by()
        learnt_meanwhile = set(spelt.values_list("word", flat=True).distinct())
        rows = [
            (word.pk, key)
            for word in stored
            if word.pk not in learnt_meanwhile
            for key in keys(word.word)
        ]
        with connection.cursor() as cursor:  # tens of thousands for a whole record
            cursor.executemany(INSERT, rows)


def forget_unused(words):
    """Forget those of the words that no name has any more."""
    database = backend()
    wanted = sorted(words)
    unused = []
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        asked = " UNION ALL ".join(
            f"SELECT {number:d} WHERE ({database.any_one()}) IS NULL"
            for number in range(len(batch))
        )
        with connection.cursor() as cursor:  # not a replica: what is written now counts
            cursor.execute(
                asked, [database.tiers(_whole(word), squeezed(word)).among_names for word in batch]
            )
            unused += [batch[number] for (number,) in cursor.fetchall()]
    NameWord.objects.filter(word__in=unused).delete()


def _whole(text):
    """Return the Terms of a text whose last word is finished."""
    return [Term(term.words) if len(term.words[-1]) > 1 else term for term in terms(text)]


def keys(word):
    """Return what a word is kept under."""
    return [*_nearly(word), *_threes(word)]


def _nearly(word):
    if len(word) > MOST_LETTERS:
        return [f"-{word}"]
    less = (word[:place] + word[place + 1 :] for place in range(len(word)))
    return [f"-{form}" for form in dict.fromkeys([word, *less])]


def _threes(word):
    if len(word) < THREES_FROM:
        return []
    padded = f"  {word} "
    return list(dict.fromkeys(padded[place : place + 3] for place in range(len(padded) - 2)))


def did_you_mean(query):
    """Return words that find a public name and are spelt much like `query`, or ""."""
    typed = vocabulary(query)
    if not 0 < len(typed) <= MOST_CORRECTED:
        return ""
    choices = [_choices(word) for word in typed]
    tried = sorted(product(*choices), key=lambda chosen: sum(wrong for wrong, _ in chosen))
    return _best(
        [
            (sum(wrong for wrong, _ in chosen), " ".join(word for _, word in chosen))
            for chosen in tried
            if any(wrong for wrong, _ in chosen)
        ][:MOST_TRIED]
    )


def _choices(word):
    """Return the words of names most like `word`, itself included, as (letters wrong, word)."""
    nearly = _nearly(word)
    found = (
        Spelling.objects.filter(key__in=[*nearly, *_threes(word)])
        .order_by()
        .values("word__word")
        .annotate(
            is_near=Max(Case(When(key__in=nearly, then=Value(1)), default=Value(0))),
            shared=Count("key"),
        )
        .order_by("-is_near", "-shared", "word__word")[:CANDIDATES]
    )
    allowed = 0 if len(word) < 2 else 1 if len(word) < TWO_WRONG_FROM else 2
    ranked = sorted((distance(word, row["word__word"]), row["word__word"]) for row in found)
    return [(wrong, other) for wrong, other in ranked if wrong <= allowed][:CHOICES]


def _best(tried):
    """Return the first of (letters wrong, words) that finds a name: a whole name if any does."""
    if not tried:
        return ""
    database = backend()
    selects = []
    for number, (_, text) in enumerate(tried):
        tiers = database.tiers(_whole(text), squeezed(text))
        asked = [
            (tiers.name, database.lowest()),
            (tiers.other_name, database.any_one()),
            (tiers.among_names, database.any_one()),
        ]
        selects += [
            (f"SELECT {number:d}, {place:d}, ({sql})", [tier])
            for place, (tier, sql) in enumerate(asked)
        ]
    found = [
        (tried[number][0], place, number, entry)
        for number, place, entry in ask(selects)
        if entry is not None
    ]
    if not found:
        return ""
    _, place, number, entry = min(found)
    return Entry.objects.get(pk=entry).name if place == 0 else tried[number][1]


def distance(one, other):
    """Return how many letters are wrong: put in, left out, replaced, or two swapped."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, start=1):
        row = [i]
        for j, right in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
