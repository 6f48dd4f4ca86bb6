"""Who may sign in, and with what.

A user is a person of the staff; what they may do comes from their posts (`people`), never from this row. There is no
time of the last sign-in, no superuser flag and no permission table: nobody is counted, and nobody is above the table
of `access`.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from gewu.domain.rows import Row


class UserManager(BaseUserManager["User"]):
    """Rows are made by `accounts.actions`; Django needs this only to find a user by the name they sign in with."""


class User(Row, AbstractBaseUser):
    """A person of the staff. The user name is the stable code under which imports find the person again."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    names = models.JSONField(default=dict)  # the same in other characters, by language
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")  # the service phone
    language = models.CharField(max_length=8, default="zh-hans")
    is_active = models.BooleanField(default=True)
    last_login = None

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.name


class ApiToken(Row):
    """A token for a program: of a user, or of a client with a name of its own. Only its hash is stored."""

    name = models.CharField(max_length=80)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="tokens")
    client = models.CharField(max_length=40, blank=True, default="")
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    expires = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, client="") | (Q(user__isnull=True) & ~Q(client="")),
                name="token_of_user_or_client",
            )
        ]
