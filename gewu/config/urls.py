"""All addresses: residents' pages, staff pages, API, sign-in."""

from django.urls import include, path

from gewu.web import phone_lost

urlpatterns = [
    path("api/", include("gewu.api.urls")),  # first: programs ask most often, and the pages are many
    path("", include("gewu.web.urls")),
    path("account/phone-lost", phone_lost.own, name="own_phone_lost"),
    path("account/", include("allauth.urls")),
]

handler400 = "gewu.web.errors.bad_request"
handler403 = "gewu.web.errors.refused"
handler404 = "gewu.web.errors.not_found"
handler500 = "gewu.web.errors.failed"
