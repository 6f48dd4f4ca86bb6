"""All addresses: residents' pages, staff pages, API, sign-in."""

from django.urls import include, path

urlpatterns = [
    path("", include("gewu.web.urls")),
    path("account/", include("allauth.urls")),
    path("api/", include("gewu.api.urls")),
]
