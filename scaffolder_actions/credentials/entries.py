"""Entries of the secret store: Vault's, or OpenBao's, key-value engine of version 2.

Each entry is a set of names with their values, at a path. Writing what is there already makes no new version, so that a
version says whether anything is different. Removing is soft: `vault kv undelete` brings the last version back.
https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from foundation.connections.vault import connect_vault
from foundation.errors import ConflictError, NotAllowedError, ServiceUnavailableError
from foundation.settings import VaultSettings

if TYPE_CHECKING:
    import hvac

# Where the engine is mounted: Vault's own default, and what the ClusterSecretStore of the platform reads from.
MOUNT: Final = "secret"
# Writers of one entry: two runs of one service at the same time, of which both are right.
ATTEMPTS = 3


class Entries:
    """The entries that the settings lead to; nothing is contacted before it is asked for."""

    def __init__(self, settings: VaultSettings) -> None:
        self._settings = settings

    @property
    def is_configured(self) -> bool:
        """Whether there is a secret store at all."""
        return bool(self._settings.address)

    def check(self) -> None:
        """Raises what `connect_vault` raises where the store cannot be used now."""
        connect_vault(self._settings)

    def names(self, path: str) -> frozenset[str] | None:
        """What the newest version of the entry names; None where there is no entry, or it was removed."""
        with self._engine("read", path) as engine:
            values, _ = _newest(engine, path)
        return None if values is None else frozenset(values)

    def version(self, path: str) -> int:
        """The entry's version, which rises with each change; 0 where there is none, or it was removed."""
        with self._engine("read", path) as engine:
            values, version = _newest(engine, path)
        return 0 if values is None else version

    def write(self, path: str, values: Mapping[str, str]) -> int:
        """Make the entry these values, and no others; its version, which is a new one only where they are different."""
        for _ in range(ATTEMPTS):
            with self._engine("write", path) as engine:
                standing, version = _newest(engine, path)
                if standing == dict(values):
                    return version
                written = _written(engine, path, values, version)
            if written is not None:
                return written
        raise ConflictError(f"Somebody else writes {MOUNT}/{path} all the time.", remedy="Try again in a moment.")

    def remove(self, path: str) -> bool:
        """Take the entry away so that it can be brought back; False where there is none."""
        with self._engine("remove", path) as engine:
            values, _ = _newest(engine, path)
            if values is None:
                return False
            engine.delete_latest_version_of_secret(path, mount_point=MOUNT)
        return True

    @contextmanager
    def _engine(self, verb: str, path: str) -> Iterator[Any]:
        """The engine, as hvac has it, which ships no types. Errors name the path, and never what was sent or found."""
        import requests
        from hvac.exceptions import Forbidden, VaultError

        client: hvac.Client = connect_vault(self._settings)
        address = self._settings.address
        try:
            yield client.secrets.kv.v2
        except Forbidden:
            raise NotAllowedError(
                f"Vault at {address} does not let the platform {verb} {MOUNT}/{path}.",
                remedy="Grant it in the policy of the platform's token.",
            ) from None
        except (VaultError, requests.RequestException) as error:
            raise ServiceUnavailableError(
                f"Vault at {address} could not {verb} {MOUNT}/{path}: {type(error).__name__}.",
                remedy=f"Is the key-value engine of version 2 mounted at {MOUNT}/?",
            ) from None


def _newest(engine: Any, path: str) -> tuple[Mapping[str, Any] | None, int]:
    """What the newest version holds (None: it was removed, or there never was one), and its number."""
    from hvac.exceptions import InvalidPath

    try:
        answer = engine.read_secret_version(path, mount_point=MOUNT, raise_on_deleted_version=True)["data"]
    except InvalidPath as error:
        # Of a version that was removed Vault answers 404 as well, with its number.
        metadata = ((error.json or {}).get("data") or {}).get("metadata") or {}
        return None, int(metadata.get("version", 0))
    return answer["data"], int(answer["metadata"]["version"])


def _written(engine: Any, path: str, values: Mapping[str, str], version: int) -> int | None:
    """The new version's number; None where the entry was changed since `version`."""
    from hvac.exceptions import InvalidRequest

    try:
        answer = engine.create_or_update_secret(path, secret=dict(values), cas=version, mount_point=MOUNT)
    except InvalidRequest as error:
        if any("check-and-set" in each for each in error.errors or ()):
            return None
        raise
    return int(answer["data"]["version"])
