"""AWS, against moto's server."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from foundation.connections import aws as module
from foundation.connections.aws import AwsMissingError, aws_errors, connect_aws
from foundation.errors import NotAllowedError, ServiceUnavailableError
from foundation.settings import AwsSettings


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-the-tests")


@pytest.mark.usefixtures("credentials")
def test_a_client(aws: AwsSettings) -> None:
    """It speaks to the endpoint that is set, with buckets in the path."""
    s3 = connect_aws(aws, "s3")
    s3.create_bucket(Bucket="docs", CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3.put_object(Bucket="docs", Key="index.html", Body=b"hello")
    assert s3.get_object(Bucket="docs", Key="index.html")["Body"].read() == b"hello"
    assert s3.meta.region_name == "eu-west-1"


@pytest.mark.usefixtures("credentials")
def test_errors_about_the_request_pass(aws: AwsSettings) -> None:
    """What is wrong with a request is for the caller to say, who knows what was asked."""
    with pytest.raises(ClientError), aws_errors(aws):
        connect_aws(aws, "s3").get_object(Bucket="nothing", Key="x")


@pytest.mark.usefixtures("credentials")
def test_aws_out_of_reach(nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the address, and no secret."""
    monkeypatch.setattr(module, "TRIES", 1)
    settings = AwsSettings(endpoint=f"http://{nowhere}")
    with pytest.raises(ServiceUnavailableError, match=nowhere) as raised, aws_errors(settings):
        connect_aws(settings, "s3").list_buckets()
    assert "a-secret-of-the-tests" not in str(raised.value)


def test_no_credentials(aws: AwsSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said as what it is, and not as a failure of AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(AwsMissingError, match="no credentials"), aws_errors(aws):
        connect_aws(aws, "s3").list_buckets()


def test_refused_credentials(aws: AwsSettings) -> None:
    """The action and AWS' own word for the refusal are named."""
    refusal = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks")
    with pytest.raises(NotAllowedError, match="DescribeStacks: AccessDenied"), aws_errors(aws):
        raise refusal
