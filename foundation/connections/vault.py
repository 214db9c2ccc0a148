"""Vault or OpenBao."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foundation.errors import InputError, NotAllowedError, ServiceUnavailableError
from foundation.settings import VaultSettings

if TYPE_CHECKING:
    import hvac

# Seconds for each call; Vault answers in milliseconds, and a person waits.
TIMEOUT = 10
# Bytes. Vault's longest tokens, batch tokens, are under 1 KiB.
LARGEST_TOKEN_FILE = 16 * 1024


def connect_vault(settings: VaultSettings) -> hvac.Client:
    """A client whose token is known to be good.

    The token file is read at each call: an agent beside the server renews it. Raises InputError where Vault is not
    set up here, ServiceUnavailableError where it is not reached or sealed, NotAllowedError where it refuses the token.
    """
    import hvac
    import requests
    from hvac.exceptions import Forbidden, InvalidRequest, VaultDown, VaultError

    if not settings.address:
        raise InputError("There is no Vault here.", remedy="Set vault.address and vault.token_file.")
    client = hvac.Client(url=settings.address, token=_token(settings), timeout=TIMEOUT, allow_redirects=False)
    try:
        client.auth.token.lookup_self()
    except (Forbidden, InvalidRequest) as error:
        raise NotAllowedError(
            f"Vault at {settings.address} refuses the token.", remedy=f"Renew the one in {settings.token_file}."
        ) from error
    except VaultDown as error:
        raise ServiceUnavailableError(f"Vault at {settings.address} is sealed.", remedy="Unseal it.") from error
    except (requests.RequestException, VaultError) as error:
        raise ServiceUnavailableError(
            f"Vault at {settings.address} does not answer: {type(error).__name__}.",
            remedy="Check vault.address and the network.",
        ) from error
    return client


def _token(settings: VaultSettings) -> str:
    file = settings.token_file
    if file is None:
        raise InputError("There is no token for Vault.", remedy="Set vault.token_file.")
    try:
        with file.open("rb") as opened:
            token = opened.read(LARGEST_TOKEN_FILE).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The Vault token in {file} cannot be read.", remedy="Check vault.token_file.") from error
    if not token:
        raise InputError(f"{file} is empty.", remedy="Put a Vault token into it.")
    return token
