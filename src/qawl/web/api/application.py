"""The API as one application under ``/api``: its resources, its errors, its limits, its description."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from starlette.routing import Route

from qawl import __version__
from qawl.web.api import (
    articles,
    compare,
    corrections,
    docs,
    read,
    sayings,
    search,
    searches,
    sources,
    statements,
    stats,
)
from qawl.web.api.answers import conditional
from qawl.web.api.problems import Problem, handle
from qawl.web.api.rates import Limited
from qawl.web.site import Site

#: Where the API is mounted, and the version of its paths.
ROOT, VERSION = "/api", "/v1"
_RESOURCES = (
    read, search, articles, statements, sources, sayings, compare, stats, corrections, searches,
)  # fmt: skip
_DESCRIPTION = """Who said what in Arabic news: the statements of a record, and reading without keeping.

Answers are JSON in UTF-8. Lists come in pages, the newest first: `next` has the address of the next.
Answers carry an `ETag`; send it as `If-None-Match` to get 304 where nothing changed. Errors are problem
details (RFC 9457). Whoever reaches the server may read; writing needs a token. `RateLimit` tells how many
requests are left. All places in texts are Unicode code points.
"""
#: Headers that scripts of other sites may see, where they may ask at all.
_SHOWN = ("ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After")


def create(site: Site) -> FastAPI:
    """The application of the API."""
    app = FastAPI(
        title="Qawl", version=__version__, docs_url=None, redoc_url=None, openapi_url=None,
        redirect_slashes=False,
    )  # fmt: skip
    app.state.site = site
    app.add_middleware(Limited, site=site)
    if site.settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(site.settings.origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match"],
            expose_headers=list(_SHOWN),
        )
    for resource in _RESOURCES:
        app.include_router(resource.router, prefix=VERSION, tags=[resource.__name__.split(".")[-1]])
    handle(app)

    def description(request: Request) -> Response:
        answer = JSONResponse(app.openapi(), media_type="application/json")
        return conditional(request, answer)

    def documents(request: Request) -> Response:
        return docs.page(request, app.openapi(), ROOT + VERSION)

    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    app.router.routes.append(Route(f"{VERSION}/openapi.json", description, methods=["GET"]))
    app.router.routes.append(Route(f"{VERSION}/docs", documents, methods=["GET"]))
    return app


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the paths as clients ask for them; made once."""
    if not app.openapi_schema:
        made = get_openapi(
            title="Qawl",
            version=__version__,
            summary="Who said what, in Arabic news",
            description=_DESCRIPTION,
            routes=app.routes,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        made["paths"] = {f"{ROOT}{path}": _plain(item) for path, item in made["paths"].items()}
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        template = "#/components/schemas/{model}"
        for name, schema in Problem.model_json_schema(ref_template=template).pop("$defs").items():
            schemas[name] = schema
        problem = Problem.model_json_schema(ref_template=template)
        problem.pop("$defs", None)
        schemas["Problem"] = problem
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        app.openapi_schema = made
    return app.openapi_schema


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    """A path's operations, each error as problem+json only."""
    for operation in item.values():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                answer["content"].pop("application/json", None)
    return item
