"""Addresses of the residents' pages."""

from __future__ import annotations

from django.urls import path

from gewu.web import grids, notice, places, report, start, suggest, track, visit_off, way_in

app_name = "resident"
urlpatterns = [
    path("", start.start, name="start"),
    path("report", report.report, name="report"),
    path("report/known", report.known, name="known"),
    path("join/<str:number>", report.join, name="join"),
    path("r", way_in.ask, name="receipt"),
    path("r/<str:number>/<str:secret>", way_in.exchange, name="exchange"),
    path("a/<str:word>", way_in.asked, name="asked"),
    path("track", track.show, name="track"),
    path("track/close", way_in.close, name="close"),
    path("track/photos/<uuid:photo_id>", track.photo, name="photo"),
    path("track/<str:move>", track.act, name="act"),
    path("p", places.find, name="find_place"),
    path("p/<str:sign>", places.show, name="place"),
    path("p/<str:sign>/unreadable", places.unreadable, name="sign_unreadable"),
    path("grids", grids.find, name="grids"),
    path("g/<str:code>", grids.card, name="grid"),
    path("g/<str:code>/poster.pdf", grids.poster, name="grid_poster"),
    path("suggest", suggest.write, name="suggest"),
    path("suggest/read", suggest.read, name="suggestion"),
    path("visit", visit_off.visit_off, name="visit_off"),
    path("privacy", notice.notice, name="privacy"),
]
