"""Scripts of other sites may ask: what they may send, and who is answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

ALLOWED_HEADERS = (
    "Origin, Content-Type, Accept, Authorization, Authorization-Bearer, Source-Service-Name, X-Age-Declared, "
    "Idempotency-Key"
)
"""Saleor's, of which Source-Service-Name is sent by its Dashboard and read by nobody here, and ours."""
EXPOSED_HEADERS = "Retry-After"
PREFLIGHT_KEPT_S = 600
PREFIX = "access-control-"


def with_cors(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer with what a browser wants to read before it hands it to a script of the request's origin."""
    origin = request.META.get("HTTP_ORIGIN")
    if origin:
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Allow-Credentials"] = "true"  # Saleor's clients ask for it; no cookie is read here
        answer["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        answer["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
        answer["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        answer["Access-Control-Max-Age"] = str(PREFLIGHT_KEPT_S)
        patch_vary_headers(answer, ["Origin"])
    return answer
