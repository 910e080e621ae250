"""What operators ask of a service: whether it lives, whether it is ready, its figures, and to load again."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import ErrorCode, RequestError
from api.service.access import Access
from api.service.reloading import Reloads
from api.settings import Settings
from api.telemetry import Telemetry, metrics_endpoint
from graph.stores.protocol import GraphStore

_STATUS_OF_RELOAD = {"changed": 200, "unchanged": 200, "requested": 202, "failed": 503}


def operator_routes(
    settings: Settings, store: GraphStore, access: Access, telemetry: Telemetry, reloads: Reloads | None
) -> Sequence[Route]:
    """`/healthz`, `/readyz`, `/metrics` unless it is switched off, and `/-/reload`."""
    figures = metrics_endpoint(telemetry)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        state = reloads.state() if reloads else {}
        return JSONResponse({"status": "ready", "version": store.reader().version, **state})

    async def metrics(request: Request) -> Response:
        if access.has_admin:
            access.require_admin(request.headers.get("authorization"))
        return await figures(request)

    async def reload(request: Request) -> Response:
        access.require_admin(request.headers.get("authorization"))
        if reloads is None:
            raise RequestError(ErrorCode.NOT_FOUND, "This service has no folders that it could load again.")
        told = await reloads.on_request()
        return JSONResponse(told, _STATUS_OF_RELOAD[told["reload"]])

    routes = [
        Route("/healthz", health),
        Route("/readyz", ready),
        Route("/-/reload", reload, methods=["POST"]),
    ]
    return [*routes, Route("/metrics", metrics)] if settings.metrics else routes
