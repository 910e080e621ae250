"""Subscriptions and other operations as streams: GraphQL over WebSockets and over server-sent events.

Requests come in through `WebSocketEndpoint` and `EventStream`, two ASGI applications. A `StreamService` executes the
operations; `OpenStreams` counts them and ends them at shutdown.
"""

from api.streams.open_streams import OpenStreams
from api.streams.service import StreamService
from api.streams.sse import EventStream
from api.streams.websocket import WebSocketEndpoint

__all__ = [
    "EventStream",
    "OpenStreams",
    "StreamService",
    "WebSocketEndpoint",
]
