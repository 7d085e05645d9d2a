"""The explorer as a web server: one page, its answers, and nothing from anywhere else.

In: requests from this machine. Out: the page, its style and script, JSON, and two downloads. The only
module that knows a web library. Each answer after a drag is a line of JSON in one response that goes on until
all runs are done, the visitor asks something newer, or leaves.

A visitor names a scenario of the list and sends settings; no path, no file, no code. Requests that another
site or another name for this machine makes a browser send are refused.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sim.errors import HostfallError, UsageError
from sim.views import places
from sim.views.explorer.asked import (
    MOST_BYTES,
    read_lost,
    read_question,
    read_run,
    read_side,
    side_of_address,
)
from sim.views.explorer.visitors import Answering
from sim.views.explorer.workers import LOOKED_AT, SupersededError, Workers

LOOPBACK = "127.0.0.1"
HOSTS = (LOOPBACK, "localhost")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing is loaded from elsewhere, and no script or style that stands in the page itself."""

REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
)

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

SCRIPTS = ("charts", "replay", "page", "asking", "results", "breaks", "explorer")
STYLES = ("explorer", "replay")
ASSETS = {
    "/": ("explorer.html", "text/html"),
    **{f"/{name}.css": (f"{name}.css", "text/css") for name in STYLES},
    **{f"/{name}.js": (f"{name}.js", "text/javascript") for name in SCRIPTS},
}

WRONG, SUPERSEDED, NOT_COMPUTED = 422, 409, 422

Handler = Callable[[Request], Awaitable[Response]]


def application(scenarios: Mapping[str, Path], workers: Workers, *, first: str | None = None) -> Starlette:
    """The server without its socket.

    Parameters
    ----------
    scenarios
        Files by name; only these can be asked for.
    workers
        Where it is computed; started and ended with the application.
    first
        The scenario shown first.
    """
    handlers = Handlers(Answering(scenarios, workers), first)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        workers.start()
        try:
            yield
        finally:
            workers.stop()

    return Starlette(
        routes=handlers.routes(),
        middleware=[
            Middleware(Guard),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
        ],
        lifespan=lifespan,
    )


class Handlers:
    """What is done for each address."""

    def __init__(self, answering: Answering, first: str | None) -> None:
        self.answering = answering
        self.first = first or next(iter(answering.scenarios), "")

    def routes(self) -> list[Route]:
        """All addresses there are."""
        pages = [Route(path, _asset(*asset), methods=["GET"]) for path, asset in ASSETS.items()]
        asked = {
            "controls": self.controls,
            "answer": self.answer,
            "replay": self.replay,
            "breaks": self.breaks,
            "consequence": self.consequence,
        }
        fetched = {
            "/api/scenarios": self.listed,
            "/scenario.yaml": self.resolved,
            "/report.html": self.report,
        }
        return [
            *pages,
            *(Route(f"/api/{name}", _guarded(handler), methods=["POST"]) for name, handler in asked.items()),
            *(Route(path, _guarded(handler), methods=["GET"]) for path, handler in fetched.items()),
        ]

    async def listed(self, request: Request) -> Response:
        """The scenarios that can be asked for."""
        files = self.answering.scenarios
        titles = [[name, places.title(path) or name] for name, path in files.items()]
        return JSONResponse({"scenarios": titles, "first": self.first})

    async def controls(self, request: Request) -> Response:
        """The inputs of one side."""
        return JSONResponse(await self.answering.controls(read_side(await _json(request))))

    async def replay(self, request: Request) -> Response:
        """One run, as frames and as a story."""
        return JSONResponse(await self.answering.replay(*read_run(await _json(request))))

    async def breaks(self, request: Request) -> Response:
        """What depends on what, with some suppliers lost."""
        return JSONResponse(await self.answering.breaks(*read_lost(await _json(request))))

    async def consequence(self, request: Request) -> Response:
        """What it costs to lose them."""
        return JSONResponse(await self.answering.consequence(*read_lost(await _json(request))))

    async def answer(self, request: Request) -> Response:
        """Numbers that get better, a line of JSON each."""
        answers = self.answering.answers(read_question(await _json(request)))
        # The first answer is computed before the response begins, so that what is wrong has a status.
        first_answer = await _unless_gone(request, anext(answers))
        return StreamingResponse(_lines(first_answer, answers), media_type="application/x-ndjson")

    async def resolved(self, request: Request) -> Response:
        """The scenario with the settings, to take along."""
        name, text = await self.answering.resolved(_of_address(request))
        return _download(text, f"{name}.yaml", "application/yaml")

    async def report(self, request: Request) -> Response:
        """The report of one side, to take along."""
        name, page = await self.answering.report(_of_address(request))
        response = _download(page, f"{name}_report.html", "text/html")
        response.headers["content-security-policy"] = REPORT_POLICY
        return response


def _asset(name: str, kind: str) -> Handler:
    content = files("sim.views.explorer").joinpath("assets", name).read_bytes()

    async def page(request: Request) -> Response:
        return Response(content, media_type=kind)

    return page


def _guarded(handler: Handler) -> Handler:
    """Whatever a visitor got wrong ends in words and a status below 500."""

    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except SupersededError:
            return JSONResponse({"message": "You have asked something newer."}, SUPERSEDED)
        except UsageError as error:
            return JSONResponse({"message": str(error)}, WRONG)
        except HostfallError as error:
            return JSONResponse({"message": str(error)}, NOT_COMPUTED)

    return guarded


async def _unless_gone(request: Request, answer: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """The answer, or `SupersededError` if the visitor leaves before it is there."""
    task = asyncio.ensure_future(answer)
    try:
        while not (await asyncio.wait({task}, timeout=LOOKED_AT))[0]:
            if await request.is_disconnected():
                raise SupersededError
        return task.result()
    finally:
        task.cancel()


async def _json(request: Request) -> object:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise UsageError("a request must be application/json")  # what another site cannot send unasked
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise UsageError(f"a request may have {MOST_BYTES:,} bytes")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise UsageError("the request is not JSON") from None


def _of_address(request: Request) -> Any:
    asked = request.query_params
    if len(request.url.query) > MOST_BYTES:
        raise UsageError(f"an address may have {MOST_BYTES:,} letters")
    return side_of_address(
        asked.get("scenario"), asked.get("strategy"), asked.getlist("set"), asked.get("users")
    )


def _download(text: str, name: str, kind: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(text, media_type=kind, headers={"content-disposition": disposition})


async def _lines(first: dict[str, Any], answers: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    """Answers, a line each; what goes wrong on the way is a line too, for the status has been sent."""
    yield _line(first)
    try:
        async for each in answers:
            yield _line(each)
    except SupersededError:
        yield _line({"superseded": True})
    except HostfallError as error:
        yield _line({"message": str(error)})


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":")) + "\n"


class Guard:
    """Refuses what another site makes a browser send, and adds the headers that every response has."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                given = {name.decode("latin-1").lower() for name, _ in message["headers"]}
                added = {"content-security-policy": POLICY, **HEADERS}
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in added.items() if name not in given),
                ]
            await send(message)

        site = dict(scope["headers"]).get(b"sec-fetch-site", b"none")
        page = scope["path"] == "/"  # a link to the page may stand anywhere
        if site not in {b"same-origin", b"none"} and not page:
            refused = JSONResponse({"message": "asked for by another site"}, 403)
            await refused(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)


def listen(port: int) -> socket.socket:
    """A socket on the loopback address alone; a free port for 0.

    Raises
    ------
    UsageError
        If the port is taken.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
        bound.listen(128)  # a browser may come before the server is up; then it waits
    except OSError as error:
        bound.close()
        raise UsageError(f"port {port} cannot be used ({error.strerror}); choose another, or none") from None
    return bound


def serve(app: Starlette, bound: socket.socket) -> None:
    """Serve until Ctrl-C, which is how it is meant to end."""
    config = uvicorn.Config(
        app, log_level="warning", lifespan="on", server_header=False, timeout_graceful_shutdown=1
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[bound])
