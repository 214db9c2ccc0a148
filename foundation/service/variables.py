"""The environment variables by which a service learns where its dependencies are, by one convention for all services."""

from __future__ import annotations

# What each type of dependency is known by. Passwords stand in the addresses too, since most libraries take only those.
_VARIABLES = {
    "postgresql": (
        "DATABASE_URL",
        "DATABASE_HOST",
        "DATABASE_PORT",
        "DATABASE_NAME",
        "DATABASE_USER",
        "DATABASE_PASSWORD",
    ),
    "redis": ("REDIS_URL",),
    "s3": ("BUCKET_NAME",),
    "sqs": ("QUEUE_URL",),
    "service": ("URL",),
}


def dependency_variables(kind: str, name: str) -> tuple[str, ...]:
    """The variables of a dependency of the type `kind`.

    `DATABASE_URL` of a database, `ORDERS_DATABASE_URL` of the one called `orders`, `PAYMENT_API_URL` of the service
    payment-api. None for a type that there is not.
    """
    prefix = "" if name == kind else f"{name.replace('-', '_').upper()}_"
    return tuple(f"{prefix}{each}" for each in _VARIABLES.get(kind, ()))
