"""Addresses of the staff's pages, all below `/staff/`."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from gewu.web.staff import cases, intake

app_name = "staff"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="staff:queue"), name="home"),
    path("cases", cases.queue, name="queue"),
    path("cases/open", cases.jump, name="jump"),
    path("cases/<str:number>", cases.show, name="case"),
    path("cases/<str:number>/contact", cases.contact, name="contact"),
    path("cases/<str:number>/read", cases.read, name="read"),
    path("cases/<str:number>/photos/<uuid:photo_id>", cases.photo, name="photo"),
    path("cases/<str:number>/moves/<str:code>", cases.move, name="move"),
    path("report", intake.enter, name="report"),
    path("caller", intake.caller, name="caller"),
]
