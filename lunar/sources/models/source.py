from functools import cache

from django.db import connection, connections, models, router
from django.db.models import Case, Count, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from lunar.addresses import page_address
from lunar.edtf import EdtfField, chronological, date_indexes, date_range_check
from lunar.sources.models.citation import Citation
from lunar.sources.models.record import PUBLIC, SearchedQuerySet
from lunar.text import fold


class SourceQuerySet(SearchedQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def public(self):
        """Sources on which something public rests; one cited only by drafts stays unseen."""
        return self.filter(is_public=True)

    def unarchived(self):
        """Sources with an address, of which no archived copy is known."""
        return self.filter(archive_url="").exclude(url="")

    def with_public_statements(self):
        """Annotate how many public citations name each source, counted now: `public_statements`."""
        total = Value(0)
        for model in citation_models():
            counted = (
                model.objects.public()
                .filter(source=OuterRef("pk"))
                .order_by()
                .values("source")
                .annotate(n=Count("pk"))
                .values("n")
            )
            total = total + Coalesce(models.Subquery(counted), 0)
        return self.annotate(public_statements=total)


def _is_of_the_web(field):
    """Return the condition that pages can link to an address, if there is one."""
    schemes = Q(**{f"{field}__istartswith": "https://"}) | Q(**{f"{field}__istartswith": "http://"})
    return Q(**{field: ""}) | schemes


class Source(models.Model):
    """Something published: a page, a document, a transcript, a data set.

    One row for one page or document. The original's address, not a copy's; where only a copy
    was read, the note says so.
    """

    class Kind(models.TextChoices):
        OFFICIAL = "official", "Official statement or page"
        TRANSCRIPT = "transcript", "Transcript or archive document"
        TREATY = "treaty", "Treaty or law"
        PAPER = "paper", "Research paper"
        DATASET = "dataset", "Data set or catalogue"
        MUSEUM = "museum", "Museum or collection page"
        AGENCY = "agency", "News agency"
        NEWS = "news", "Newspaper or broadcaster"
        COLUMN = "column", "Column or opinion"
        BOOK = "book", "Book"
        REFERENCE = "reference", "Encyclopedia or list"
        WEB = "web", "Other web page"

    class Standing(models.TextChoices):
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        TERTIARY = "tertiary", "Tertiary"

    slug = models.SlugField(
        max_length=120, unique=True, help_text="Used in addresses and fixtures; never changes."
    )
    title = models.CharField(max_length=300, help_text="As printed, in the original language.")
    title_english = models.CharField(
        "title in English", max_length=300, blank=True, help_text="For titles in other languages."
    )
    authors = models.CharField(max_length=200, blank=True)
    publisher = models.CharField(
        max_length=200, help_text="Newspaper, agency, museum or body that published it."
    )
    published = EdtfField(blank=True, help_text="Date of publication in EDTF, as far as known.")
    kind = models.CharField(max_length=12, choices=Kind)
    standing = models.CharField(
        max_length=10,
        choices=Standing,
        help_text="Primary: by those who acted, or at the time. Secondary: reports or studies what "
        "others did. Tertiary: compiles other reports.",
    )
    language = models.CharField(
        max_length=12,
        default="en",
        help_text="Language code of the text (BCP 47), such as en, fr, zh-Hans, ko, ru.",
    )
    url = models.URLField("address", max_length=600, blank=True)
    archive_url = models.URLField("archived copy", max_length=700, blank=True)
    accessed = models.DateField(
        "read on", null=True, blank=True, help_text="Day on which the page was last read."
    )
    note = models.TextField(
        blank=True, help_text="What a reader should know of it: read as a copy, corrected later…"
    )
    cited_by = models.PositiveIntegerField(
        "public statements", default=0, editable=False, serialize=False
    )
    is_public = models.GeneratedField(
        expression=Case(When(cited_by__gt=0, then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
        serialize=False,
    )
    search_text = models.TextField(default="", editable=False, serialize=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = [*chronological("published", descending=True), "slug"]
        indexes = [
            *date_indexes("published", name="source_by_date", condition=PUBLIC),
            models.Index(fields=["title"], name="source_by_title", condition=PUBLIC),
            models.Index(fields=["cited_by"], name="source_by_statements", condition=PUBLIC),
            *(
                models.Index(fields=[field, "title"], name=f"source_by_{field}", condition=PUBLIC)
                for field in ("publisher", "kind", "standing")
            ),
        ]
        constraints = [
            date_range_check("published", name="source_published_range"),
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="source_url_unique",
                violation_error_message="A source with this address exists already: cite that one.",
            ),
            *(
                models.CheckConstraint(
                    condition=_is_of_the_web(field),
                    name=f"source_{field}_of_the_web",
                    violation_error_message="An address begins with https:// or http://.",
                )
                for field in ("url", "archive_url")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return page_address("source-detail", self.slug)

    def natural_key(self):
        return (self.slug,)

    @classmethod
    def to_derive(cls, pks):
        """Return sources with what `derived` asks for, read in one statement.

        Every saved citation asks for this, and it names every citation table: Django compiles it
        once for each power of two, and the last source fills up the places that are left.
        """
        places = 1 << (len(pks) - 1).bit_length()
        sql, parameters = _to_derive_sql(places, connection.vendor)
        return cls._base_manager.raw(sql, [*parameters, *pks, *[pks[-1]] * (places - len(pks))])

    def derived(self):
        """Return every derived column of a source of `to_derive` with its value."""
        texts = [self.title, self.title_english, self.publisher, self.authors, self.url]
        return {
            "cited_by": self.public_statements,
            "search_text": fold(" ".join(filter(None, texts))),
        }

    def citations_by_record(self):
        """Return [(record, its citations of this source)] for all that is public, by title."""
        found = {}
        for model in self._cited_in():
            for citation in model.objects.public().filter(source=self).with_owner():
                owner = citation.owner
                found.setdefault((type(owner), owner.pk), (owner, []))[1].append(citation)
        return sorted(found.values(), key=lambda pair: (pair[0]._meta.model_name, str(pair[0])))

    def _cited_in(self):
        """Return the citation tables with this source; all are asked at once, as most have none."""
        asked = " UNION ALL ".join(
            f"SELECT {number:d} WHERE EXISTS "  # noqa: S608  numbers and names of our own tables
            f"(SELECT 1 FROM {model._meta.db_table} WHERE source_id = %s)"
            for number, model in enumerate(citation_models())
        )
        with connections[router.db_for_read(Citation)].cursor() as cursor:
            cursor.execute(asked, [self.pk] * len(citation_models()))
            numbers = sorted(number for (number,) in cursor.fetchall())
        return [citation_models()[number] for number in numbers]


@cache
def _to_derive_sql(places, vendor):
    sources = Source.objects.with_public_statements().filter(pk__in=range(places)).order_by()
    sql, parameters = sources.query.sql_with_params()
    return sql, parameters[:-places]


def citation_models():
    """Return every concrete citation table, in the order in which the apps define them."""
    return Citation.concrete_models()
