"""The server around the application: uvicorn's protocols as they are, and a guard around each connection.

In: `Server` answers on a socket, within `ServerLimits`, until a signal ends it. Out: the ASGI application that it is given. A
connection's way through is told in `guard`; `workers` keeps several processes that answer on one socket, `meanwhile` has
somebody answer on it who is ready sooner.
"""

from api.server.limits import ServerLimits
from api.server.meanwhile import answering_meanwhile
from api.server.run import Server

__all__ = ["Server", "ServerLimits", "answering_meanwhile"]
