"""`SECURITY_HEADERS`: what every answer tells browsers, so that they load nothing and run nothing that an answer might hold."""

from collections.abc import Mapping

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The pages of the service need no more than their own files."""

SECURITY: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
SECURITY_HEADERS = [(name.encode(), value.encode()) for name, value in SECURITY.items()]
"""The same, as ASGI has them."""
