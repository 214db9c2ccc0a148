"""Puts the application together."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Literal

from fastapi import FastAPI
from pydantic import BaseModel

from service import greetings
from service.settings import Settings
from service.telemetry import Telemetry


class Health(BaseModel):
    """That the service can take requests."""

    status: Literal["ok"]


def create_app(settings: Settings, environ: Mapping[str, str] = os.environ) -> FastAPI:
    """The application with all of its endpoints; `environ` has OpenTelemetry's variables."""
    telemetry = Telemetry(environ)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        telemetry.stop()

    app = FastAPI(
        title="{{ cookiecutter.name }}",
        description="{{ cookiecutter.description }}",
        version="0.1.0",
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.include_router(greetings.router)
    telemetry.watch(app)

    @app.get("/healthz", tags=["platform"], operation_id="getHealth", summary="Ask how it is")
    async def get_health() -> Health:
        """Answers while requests can be taken. It asks nobody else: their trouble is theirs."""
        return Health(status="ok")

    return app
