"""The HTTP server around the application: uvicorn, hardened against hostile clients, and fast where requests repeat."""

from api.server.limits import ServerLimits
from api.server.repeats import REPEAT_EXTENSION, Repeat
from api.server.run import make_server, run_server

__all__ = ["REPEAT_EXTENSION", "Repeat", "ServerLimits", "make_server", "run_server"]
