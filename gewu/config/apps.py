"""What is said and checked for the whole installation, ready when Django is."""

from django.apps import AppConfig
from django.utils.translation import gettext


class Config(AppConfig):
    name = "gewu.config"
    label = "config"

    def ready(self) -> None:
        from gewu.config import checks
        from gewu.core.sentences import speak_with

        checks.register_all()
        speak_with(gettext)
        _keep_no_permissions()


def _keep_no_permissions() -> None:
    """Who may do what stands in the access table (ADR 0003). Django would write four permissions for each table of the
    store after every migration, which takes longer than most migrations."""
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
