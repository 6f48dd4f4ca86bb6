"""Registers the facts of photos, how they are erased, and what their fields say about people."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "gewu.domain.media"
    label = "media"

    def ready(self) -> None:
        from gewu.domain.media import actions, facts, purposes
        from gewu.domain.privacy import erasure

        facts.register()
        purposes.register_fields()
        erasure.use_photos(erasure.PhotoEnds(rows=actions.forget_rows, files=actions.forget_files))
