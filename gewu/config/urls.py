"""All addresses: residents' pages, staff pages, API, sign-in."""

from django.urls import include, path

urlpatterns = [
    path("", include("gewu.web.urls")),
    path("account/", include("allauth.urls")),
    path("api/", include("gewu.api.urls")),
]

handler400 = "gewu.web.errors.bad_request"
handler403 = "gewu.web.errors.refused"
handler404 = "gewu.web.errors.not_found"
handler500 = "gewu.web.errors.failed"
