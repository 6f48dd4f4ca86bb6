"""What a desk keeps. Presence lives a minute and is then deleted: it never reaches journal or figures (rules.md 6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from gewu.domain.rows import Row


class SavedView(Row):
    """A filter of the queue under a name of one's own; shared with all who ever sit on a post, or one's own alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("people.Post", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    filters = models.JSONField(default=dict)  # names and values of the queue's own filter form

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once")]


class Presence(Row):
    """Somebody has a case open; over at `until`."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="presence_once")]


class HintPutAway(Row):
    """Somebody needs the first-run hint of this kind of post no more. When, and whether it was read, nobody keeps."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="hint_put_away_once")]


class ToldApart(Row):
    """Two cases that somebody has looked at side by side and found different; the lower id first."""

    one = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="told_apart_once")]


class AlertSeen(models.Model):
    """An alert of the command screen that a post has taken note of. Good until anything happens to the case; no person
    and no time, and not even a key that would tell one (rules.md 6)."""

    case = models.OneToOneField("cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("people.Post", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()  # of the case then
