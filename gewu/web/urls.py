"""Addresses of the pages: what every reader needs, then the residents' and the staff's own lists."""

from django.urls import include, path
from django.views.generic import RedirectView

from gewu.web import field, handbook, health, live, switches, transparency
from gewu.web.staff import cases, command, queue

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("language", switches.set_language, name="set_language"),
    path("print-size", switches.set_print_size, name="set_print_size"),
    path("field", field.app, name="field"),
    path("field.webmanifest", field.manifest, name="field_manifest"),
    path("sw.js", field.service_worker, name="service_worker"),
    path("login", RedirectView.as_view(pattern_name="account_login"), name="login"),
    # Asked again and again by open pages; never counts as somebody working.
    path("live", live.live, name="live"),
    path("live/command", command.parts, name="live_command"),
    path("live/looking/<str:number>", cases.presence, name="looking"),
    path("live/queue", queue.news, name="live_queue"),
    path("live/points", command.points, name="live_points"),
    path("help", handbook.contents, name="help"),
    path("help/<str:slug>", handbook.chapter, name="help_chapter"),
    # The public numbers.
    path("open", transparency.page, name="open"),
    path("open/datapackage.json", transparency.package, name="open_package"),
    path("open/heads.json", transparency.signed_heads, name="open_heads"),
    path("open/<str:month>.csv", transparency.as_csv, name="open_csv"),
    path("open/<str:month>.json", transparency.as_json, name="open_json"),
    path("", include("gewu.web.resident_urls")),
    path("staff/", include("gewu.web.staff_urls")),
]
