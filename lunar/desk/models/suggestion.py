"""Corrections that readers suggest, and what the editors answered."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from lunar.desk.models.former import FormerAddress
from lunar.desk.models.revision import Revision

KEEP_SENDER_DAYS = 30  # how long after the answer a sender's name and address are kept


class SuggestionQuerySet(models.QuerySet):
    def waiting(self):
        """Suggestions of which something is still to be answered."""
        return self.filter(state=Suggestion.State.WAITING)

    def forget_senders(self, days=KEEP_SENDER_DAYS):
        """Clear who sent what was answered more than `days` ago; return of how many."""
        answered = self.filter(answered_at__lt=timezone.now() - timedelta(days=days))
        named = answered.exclude(sender_name="", sender_email="")
        return named.update(sender_name="", sender_email="")


class Suggestion(models.Model):
    """What one reader would have changed in one public record, and what that rests on.

    No word of it is public. Its sender reads the answer at a private address made of a token, of
    which only the digest is kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ANSWERED = "answered", "Answered"

    LONGEST_SOURCE = 1000
    LONGEST_REMARK = 2000

    label = models.CharField(max_length=80, help_text="Model of the record: missions.mission.")
    key = models.CharField(max_length=120, help_text="Its natural key: chang-e-5.")
    title = models.CharField(max_length=300, help_text="The record's name when it was sent.")
    seen = models.PositiveIntegerField(help_text="The record's latest revision when it was sent.")
    source = models.TextField(help_text="What the correction rests on.")
    remark = models.TextField(blank=True)
    sender_name = models.CharField(max_length=100, blank=True)
    sender_email = models.EmailField(blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(
        default=1, help_text="Counts its answers: of two editors who answer, one comes second."
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = [F("answered_at").desc(nulls_first=True), "sent_at", "pk"]
        default_permissions = []  # who may look and answer is said in `lunar.desk.roles`
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | Q(state="answered", answered_at__isnull=False),
                name="suggestion_state",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="suggestion_has_source"),
        ]
        indexes = [
            models.Index(fields=["state", "sent_at"], name="suggestion_queue"),
            models.Index(fields=["label", "key"], name="suggestion_record"),
        ]

    def __str__(self):
        return f"Suggestion on {self.title}"

    @property
    def model(self):
        """The model of the record."""
        return apps.get_model(self.label)

    @property
    def record(self):
        """The record, whether public or not, or what it was merged into; None once it is gone."""
        try:
            return self.model._default_manager.get_by_natural_key(self.key)
        except self.model.DoesNotExist:
            return FormerAddress.objects.target_of(self.model, self.key)

    @property
    def later_revisions(self):
        """The revisions of its record made since it was sent, the latest first."""
        return Revision.objects.at(self.label, self.key).filter(number__gt=self.seen)


class SuggestedValueQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=SuggestedValue.State.WAITING)


class SuggestedValue(models.Model):
    """One value of a suggestion: how it stood, what it should be, and the answer.

    `name` is that of the value on the record's page: "launch", "landing-1-position"; that of a
    part ("act-3") is the part as a whole, and none is the record as a whole.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        ADJUSTED = "adjusted", "Accepted with changes"
        BY_HAND = "by_hand", "Accepted, and changed by hand"
        DECLINED = "declined", "Declined"

    LONGEST = 1000

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="values")
    name = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=300, help_text="What people call it.")
    stood = models.TextField(blank=True, help_text="The value in words when this was sent.")
    proposed = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    answer = models.TextField(blank=True, help_text="Shown to the sender.")
    became = models.TextField(blank=True, help_text="The value in words once it was accepted.")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revision = models.ForeignKey(
        Revision,
        on_delete=models.SET_NULL,
        null=True,
        related_name="suggested_values",
        help_text="The change that came of it.",
    )

    objects = SuggestedValueQuerySet.as_manager()

    class Meta:
        ordering = ["suggestion", "pk"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "name"], name="suggested_value_once"),
            models.CheckConstraint(condition=~Q(proposed=""), name="suggested_value_proposed"),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | Q(
                    state__in=["accepted", "adjusted", "by_hand", "declined"],
                    answered_at__isnull=False,
                ),
                name="suggested_value_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="suggested_value_declined_with_reason",
                violation_error_message="Say why it is declined: its sender reads it.",
            ),
        ]

    def __str__(self):
        return self.label


class Salt(models.Model):
    """What addresses are hashed with on one day; thrown away with the counts made with it."""

    day = models.DateField(unique=True)
    salt = models.CharField(max_length=64)

    class Meta:
        default_permissions = []

    def __str__(self):
        return self.day.isoformat()


class Sending(models.Model):
    """That something was sent, for counting: when, on which record, and a hash for by whom."""

    sent_at = models.DateTimeField(db_index=True)
    sender = models.CharField(max_length=64)
    record = models.CharField(max_length=200)

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.record}, {self.sent_at:%Y-%m-%d %H:%M}"
