"""Django's own permissions are not kept: the access table says who may do what."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command


@pytest.mark.django_db
def test_a_migration_writes_no_permissions() -> None:
    call_command("migrate", verbosity=0)
    assert not Permission.objects.exists()
