"""The account at AWS that plans are made against."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from foundation.settings import AwsSettings
from scaffolder_actions.infrastructure.stacks import Stacks
from tests.local_aws import running_aws


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsSettings]:
    """The simulated AWS, with what environments have there before any service comes."""
    with running_aws(tmp_path_factory.mktemp("aws")) as settings:
        yield settings


@pytest.fixture
def stacks(aws: AwsSettings) -> Stacks:
    return Stacks(aws)
