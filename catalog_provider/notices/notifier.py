"""Looks every few seconds at the services in trouble, and tells their owners what is due."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from catalog_provider.feed.subjects import Subject
from catalog_provider.health import EntityHealth
from catalog_provider.notices.incidents import Incident, Incidents, Where
from catalog_provider.notices.steps import Patience
from catalog_provider.notices.told import Told, ToldTable
from catalog_provider.notices.wording import notification
from foundation.backstage.notifications import Notification
from foundation.errors import GreenroomError, InputError

# Seconds between looks. What has lasted for minutes can wait for these.
TICK = 5.0
# Seconds after a look at which Backstage or the database did not answer.
PAUSE = 30.0
# After which what was told of a service that is in no catalog is forgotten; sources that are away come back sooner.
FORGOTTEN = timedelta(days=1)

_log = structlog.get_logger(__name__)


class Sender(Protocol):
    """Who tells people; `foundation.backstage.notifications.Notifications` is one."""

    def send(self, notification: Notification) -> int:
        """Tell them; gives how many were told. Raises GreenroomError."""


class Notifier:
    """Takes what was assessed, from any thread; a thread of its own tells owners.

    `subject` gives what the catalog has by a reference, None for nothing. A word is written down before
    it is sent and again after, so that of several servers one sends it, and one that dies in between leaves it to be
    sent again, in the place of the first.
    """

    def __init__(
        self,
        told: ToldTable,
        sender: Sender,
        clock: Callable[[], datetime],
        *,
        environments: Collection[str],
        after: timedelta,
        subject: Callable[[str], Subject | None],
    ) -> None:
        self._told = told
        self._sender = sender
        self._clock = clock
        self._patience = Patience(after)
        self._subject = subject
        self._lock = threading.Lock()
        self._incidents = Incidents(environments)
        self._stopping = threading.Event()
        self._trouble: str | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take up what was open when this server last stopped, and begin to look."""
        self._told.create_tables()
        for where, told in self._told.read().items():
            self._incidents.expect(Incident(where, told.name, told.since))
        self._thread = threading.Thread(target=self._run, name="health-notifier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout=5)

    def take(self, assessed: Mapping[str, EntityHealth | None]) -> None:
        """These are so now; returns at once."""
        now = self._clock()
        with self._lock:
            for ref, health in assessed.items():
                if health:
                    self._incidents.see(ref, health, now)

    def look(self) -> bool:
        """Tell what is due now; gives whether everything that was to be told could be."""
        with self._lock:
            incidents = self._incidents.open()
        if not incidents:
            return True
        try:
            told = self._told.read()
            for each in incidents:
                self._attend(each, told.get(each.where))
        except (SQLAlchemyError, GreenroomError) as error:
            # The text of a database's error may quote its address.
            self._say(str(error) if isinstance(error, GreenroomError) else f"the database: {type(error).__name__}")
            return False
        self._say(None)
        return True

    def _run(self) -> None:
        pause = TICK
        while not self._stopping.wait(pause):
            pause = TICK if self.look() else PAUSE

    def _attend(self, incident: Incident, told: Told | None) -> None:
        now = self._clock()
        subject = self._subject(incident.where.entity_ref)
        if subject is None:
            if told is None or (now - told.tried_at > FORGOTTEN and self._told.swap(incident.where, told, None)):
                self._close(incident.where)
            return
        word = self._patience.next_word(incident, told, now)
        if word is None:
            if told is None and self._patience.is_over(incident, now):
                self._close(incident.where)
            return
        if self._told.swap(incident.where, told, word) and self._send(incident, word, subject.owner):
            self._told.swap(incident.where, word, None if word.recovered else replace(word, sent=True))
            if word.recovered:
                self._close(incident.where)

    def _send(self, incident: Incident, word: Told, owner: str | None) -> bool:
        """Whether it arrived, or has nowhere to go."""
        try:
            people = self._sender.send(notification(incident, word, owner)) if owner else 0
        except InputError as error:
            # The next may be taken all the same.
            _log.warning("owner not told", service=word.name, owner=owner, reason=str(error))
            return False
        _log.info("owner told", service=word.name, owner=owner, recovered=word.recovered, people=people)
        return True

    def _close(self, where: Where) -> None:
        with self._lock:
            self._incidents.close(where)

    def _say(self, trouble: str | None) -> None:
        """Log what hinders, once for each reason."""
        if trouble and trouble != self._trouble:
            _log.warning("owners cannot be told", reason=trouble)
        self._trouble = trouble
