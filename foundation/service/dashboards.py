"""The identity of a service's dashboard, which links name and Grafana knows it by."""

from __future__ import annotations

import hashlib

# What Grafana allows a `uid`: letters, digits, "-" and "_".
LONGEST = 40
# Hexadecimal digits that tell names apart which begin alike: one pair in 4 billion is the same.
_DIGITS = 8


def dashboard_uid(name: str, environment: str) -> str:
    """`{name}-{environment}`, or its beginning and a checksum where that is too long; always the same for both."""
    uid = f"{name}-{environment}"
    if len(uid) <= LONGEST:
        return uid
    checksum = hashlib.sha256(uid.encode()).hexdigest()[:_DIGITS]
    return f"{uid[: LONGEST - _DIGITS - 1].rstrip('-')}-{checksum}"
