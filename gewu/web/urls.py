"""Addresses of the pages: what every reader needs, then the residents' and the staff's own lists."""

from django.urls import include, path
from django.views.generic import RedirectView

from gewu.web import health, switches

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("language", switches.set_language, name="set_language"),
    path("print-size", switches.set_print_size, name="set_print_size"),
    path("login", RedirectView.as_view(pattern_name="account_login"), name="login"),
    path("", include("gewu.web.resident_urls")),
    path("staff/", include("gewu.web.staff_urls")),
]
