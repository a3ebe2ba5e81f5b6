from django.conf import settings
from django.db import models

NAMELESS = "an editor"
LEFT = "a former editor"


class EditorProfile(models.Model):
    """How an editor is named in public; whoever has none is “an editor”."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="editor_profile"
    )
    public_name = models.CharField(
        max_length=80,
        blank=True,
        help_text="Shown with each change in public. Empty: “an editor”. Never the user name.",
    )

    def __str__(self):
        return self.public_name or NAMELESS
