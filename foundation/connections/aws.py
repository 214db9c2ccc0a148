"""AWS, or what speaks its API, such as moto on a laptop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from foundation.errors import NotAllowedError, ServiceUnavailableError
from foundation.settings import AwsSettings

# Seconds. A caller waits for a plan or a page; an answer of AWS takes well under one.
CONNECT_SECONDS = 3
READ_SECONDS = 20
# botocore's recommended mode backs off and slows down by itself; 4 tries take at most some 10 seconds.
TRIES = 4
# What AWS answers to credentials that are wrong, expired or not enough.
REFUSALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)


def connect_aws(settings: AwsSettings, service: str) -> Any:
    """A boto3 client of `service`, such as `s3`; boto3 ships no types. Credentials come from its standard chain.

    Connects at the first call, which belongs inside `aws_errors`.
    """
    # boto3 is 30 MiB of modules: who never calls AWS never loads it.
    import boto3
    from botocore.config import Config

    config = Config(
        region_name=settings.region,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
        # Buckets as part of the path: `bucket.localhost` is no address.
        s3={"addressing_style": "path"} if settings.endpoint else {},
    )
    # A session of its own: boto3's default one is shared and not safe to use from several threads.
    session = boto3.session.Session()
    return session.client(service, endpoint_url=settings.endpoint or None, config=config)


class AwsMissingError(NotAllowedError):
    """There are no credentials at all: who uses no AWS has set none up."""


@contextmanager
def aws_errors(settings: AwsSettings) -> Iterator[None]:
    """Turns what keeps a call from AWS into errors for users; errors about the request itself pass unchanged.

    Raises ServiceUnavailableError where AWS is not reached, NotAllowedError where it refuses the credentials, of which
    AwsMissingError says that there are none.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

    address = settings.endpoint or f"AWS in {settings.region}"
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        kind = AwsMissingError if isinstance(error, NoCredentialsError) else NotAllowedError
        raise kind(
            f"There are no credentials for {address}.", remedy="Give the server an AWS role or profile."
        ) from error
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code not in REFUSALS:
            raise
        raise NotAllowedError(
            f"{address} refuses {error.operation_name}: {code}.", remedy="Check the rights of the server's AWS role."
        ) from error
    except BotoCoreError as error:
        raise ServiceUnavailableError(
            f"{address} does not answer: {type(error).__name__}.", remedy="Check aws.endpoint and the network."
        ) from error
