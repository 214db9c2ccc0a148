"""Notifications to people, through Backstage's notifications plugin, which knows who belongs to a group."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import requests

from foundation.errors import GreenroomError, InputError, NotAllowedError, ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.settings import Secret

# Seconds to connect, and to the answer: Backstage tells the members of a group ten at a time.
TIMEOUT = (2.0, 30.0)
# Bytes. The answer repeats the notification for each person; that of 1,000 people has some 700 kB.
LARGEST_ANSWER = 4 * 1024 * 1024
# Characters. One that says more is cut.
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 600

Post: TypeAlias = Callable[[str, str, JsonObject], "tuple[int, bytes]"]


@dataclass(frozen=True)
class Notification:
    """What people are told.

    `recipient` is the reference of an entity: a user, or a group, whose members are told. `link` is an address, or a
    path below the portal's own. One with the `scope` of an earlier one takes its place, and is unread again.
    """

    recipient: str
    title: str
    description: str
    link: str
    severity: Literal["critical", "high", "normal", "low"]
    topic: str
    scope: str

    def to_json(self) -> JsonObject:
        """The body of a request to the plugin."""
        return {
            "recipients": {"type": "entity", "entityRef": self.recipient},
            "payload": {
                "title": self.title[:LONGEST_TITLE],
                "description": self.description[:LONGEST_DESCRIPTION],
                "link": self.link,
                "severity": self.severity,
                "topic": self.topic,
                "scope": self.scope,
            },
        }


def post_to_backstage(address: str, token: str, body: JsonObject) -> tuple[int, bytes]:
    """The status and the answer. Follows no redirect, for that could carry the token away."""
    headers = {"Authorization": f"Bearer {token}"}
    with requests.post(
        address, json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
    ) as response:
        return response.status_code, bytes(response.raw.read(LARGEST_ANSWER, decode_content=True))


class Notifications:
    """Backstage's notifications, sent under a token that `backend.auth.externalAccess` of the portal names."""

    def __init__(self, backstage_url: str, token: Secret, post: Post = post_to_backstage) -> None:
        self._address = f"{backstage_url.rstrip('/')}/api/notifications/notifications"
        self._token = token
        self._post = post

    def send(self, notification: Notification) -> int:
        """Tell people; gives how many were told, 0 where the recipient is nobody or wants none.

        Raises NotAllowedError where Backstage does not know the token, ServiceUnavailableError where it does not answer
        or has no such plugin, InputError where it takes everything but this.
        """
        try:
            status, answer = self._post(self._address, self._token.reveal(), notification.to_json())
        except (requests.RequestException, OSError) as error:
            raise ServiceUnavailableError(
                f"Backstage's notifications at {self._address} do not answer ({type(error).__name__}).",
                remedy="Is Backstage running?",
            ) from error
        if status == requests.codes.ok:
            return _count(answer)
        raise _refusal(status, self._address)


def _refusal(status: int, address: str) -> GreenroomError:
    if status in (requests.codes.unauthorized, requests.codes.forbidden):
        return NotAllowedError(
            "Backstage does not let Greenroom send notifications.",
            remedy="Give backstage.token, and the same token below backend.auth.externalAccess of the portal.",
        )
    if status == requests.codes.not_found:
        return ServiceUnavailableError(
            f"Backstage has no notifications at {address}.",
            remedy="Add @backstage/plugin-notifications-backend to the portal's backend.",
        )
    if status == requests.codes.bad_request:
        return InputError("Backstage does not take this notification.", remedy="Its log says why.")
    return ServiceUnavailableError(f"Backstage's notifications answer with status {status}.", remedy="See its log.")


def _count(answer: bytes) -> int:
    """How many notifications the answer lists; 0 for an answer that is none, since they were sent all the same."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return 0
    return len(told) if isinstance(told, list) else 0
