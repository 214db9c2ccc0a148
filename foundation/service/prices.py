"""What managed resources cost by the list: versioned data, for estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

import yaml

from foundation.findings import schema_problems
from foundation.service.release import PRICES, ReleaseError
from foundation.settings import PlatformSettings
from foundation.yaml import load_yaml


@dataclass(frozen=True)
class Prices:
    """Prices on demand in `region` as of `date` (ISO 8601).

    `hour` is of one instance by its class, `storage` a month of one GiB by its type, `secret` a month of one.
    """

    region: str
    date: str
    currency: str
    hour: Mapping[str, float]
    storage: Mapping[str, float]
    secret: float


def prices(settings: PlatformSettings) -> Prices:
    """The prices beside the platform's releases, or else those that Greenroom carries.

    Raises ReleaseError for a file that cannot be used.
    """
    own = settings.releases / PRICES if settings.releases else None
    return _read(own if own and own.is_file() else Path(str(resources.files(__package__).joinpath(PRICES))))


@cache
def _read(file: Path) -> Prices:
    document = load_yaml(file.read_bytes(), str(file))
    if problems := list(schema_problems(document, _schema())):
        raise ReleaseError(f"{file} holds no prices that can be used.", problems=problems)
    return Prices(**document.mapping)


@cache
def _schema() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("prices.schema.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, Any]", yaml.safe_load(text))
