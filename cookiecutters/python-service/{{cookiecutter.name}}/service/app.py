"""Puts the application together."""

from __future__ import annotations

from typing import Literal

from fastapi import FastAPI
from prometheus_client import make_asgi_app
from pydantic import BaseModel

from service import greetings
from service.settings import Settings


class Health(BaseModel):
    """That the service can take requests."""

    status: Literal["ok"]


def create_app(settings: Settings) -> FastAPI:
    """The application with all of its endpoints."""
    app = FastAPI(
        title="{{ cookiecutter.name }}",
        description="{{ cookiecutter.description }}",
        version="0.1.0",
    )
    app.state.settings = settings
    app.include_router(greetings.router)
    app.mount("/metrics", make_asgi_app())

    @app.get("/healthz", tags=["platform"], operation_id="getHealth", summary="Ask how it is")
    async def get_health() -> Health:
        """Answers while requests can be taken. It asks nobody else: their trouble is theirs."""
        return Health(status="ok")

    return app
