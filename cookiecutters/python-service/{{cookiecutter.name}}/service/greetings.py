"""The first endpoint. Replace it with what the service is for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

router = APIRouter(prefix="/v1/greetings", tags=["greetings"])


class Greeting(BaseModel):
    """Words for one person."""

    message: str = Field(examples=["Hello, Ada!"])


@router.get("/{person}", operation_id="getGreeting", summary="Greet someone")
async def get_greeting(person: Annotated[str, Path(max_length=100)]) -> Greeting:
    """Greets the person by name."""
    return Greeting(message=f"Hello, {person}!")
