from django.db import models

from lunar.search.fields import IndexedWordsField


class Entry(models.Model):
    """A public record as the search finds and shows it; nothing that is not public has one.

    Written only by `lunar.search.index`. The number puts entries in order: kind of record, length
    of the name, first number in the name (`lunar.search.numbers`). Both names stand squeezed to one
    word beside it, for names that begin as what was typed does.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20, help_text="The name of its model: mission.")
    record_id = models.BigIntegerField(help_text="The number of the record among its kind.")
    key = models.CharField(max_length=120, help_text="What names the record in its address.")
    name = models.TextField()
    language = models.CharField(max_length=12, blank=True, help_text="Of the name, unless English.")
    native_name = models.TextField(blank=True)
    native_language = models.CharField(max_length=12, blank=True)
    other_names = models.TextField(blank=True, help_text="One on each line.")
    texts = models.TextField(blank=True, help_text="One on each line, the most telling first.")
    squeezed_name = models.TextField(blank=True)
    squeezed_native_name = models.TextField(blank=True)
    words = IndexedWordsField()
    fingerprint = models.CharField(max_length=64, help_text="Of all that the entry is made from.")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id"], name="search_entry_once"),
        ]

    def __str__(self):
        return self.name


class NameWord(models.Model):
    """A word that occurs in the names of public records."""

    word = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["word"]

    def __str__(self):
        return self.word


class Spelling(models.Model):
    """What a word still has in common with a mistyped one: its letters but one, three in a row."""

    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="spellings")
    key = models.CharField(max_length=82)

    class Meta:
        ordering = ["word", "key"]
        indexes = [models.Index(fields=["key"], name="search_spelling_key")]

    def __str__(self):
        return self.key
