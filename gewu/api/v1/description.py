"""The description of the interface itself, for programs that read it."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from gewu.api.endpoint import ANYONE, JSON, Call, endpoint
from gewu.api.openapi import document


@endpoint("GET", "openapi.json", answer=JSON, guard=ANYONE)
def describe(call: Call[None]) -> HttpResponse:
    """This document: every address with its types and who may call it (OpenAPI 3.1)."""
    return HttpResponse(msgspec.json.encode(document()), content_type=JSON)
