"""Addresses of the residents' pages."""

from __future__ import annotations

from django.urls import path

from gewu.web import notice, report, start, track, way_in

app_name = "resident"
urlpatterns = [
    path("", start.start, name="start"),
    path("report", report.report, name="report"),
    path("join/<str:number>", report.join, name="join"),
    path("r", way_in.ask, name="receipt"),
    path("r/<str:number>/<str:secret>", way_in.exchange, name="exchange"),
    path("track", track.show, name="track"),
    path("track/close", way_in.close, name="close"),
    path("track/photos/<uuid:photo_id>", track.photo, name="photo"),
    path("track/<str:move>", track.act, name="act"),
    path("privacy", notice.notice, name="privacy"),
]
