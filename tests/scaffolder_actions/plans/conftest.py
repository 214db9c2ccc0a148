"""The account at AWS that plans are made against."""

from __future__ import annotations

import pytest

from foundation.settings import AwsSettings
from scaffolder_actions.infrastructure.stacks import Stacks


@pytest.fixture
def stacks(aws: AwsSettings) -> Stacks:
    return Stacks(aws)
