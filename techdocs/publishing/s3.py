"""Sites in a bucket, as Backstage's `awsS3` publisher reads them."""

from __future__ import annotations

import contextlib
import mimetypes
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from foundation.connections.aws import aws_errors, connect_aws
from foundation.settings import AwsSettings
from techdocs.errors import StorageError
from techdocs.publishing.metadata import LARGEST

# As many as Backstage's own publisher; boto3 keeps 10 connections.
CONCURRENCY: Final = 10
# S3 removes so many at once.
REMOVED_AT_ONCE: Final = 1000
_GONE: Final = frozenset({"NoSuchKey", "404"})
_FALLBACK: Final = "application/octet-stream"
# What the table of the system may not know, or says differently from machine to machine.
_TYPES: Final = {
    ".css": "text/css",
    ".gz": "application/gzip",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}


def content_type(path: str) -> str:
    """The media type of a file by its name; text is UTF-8."""
    suffix = PurePosixPath(path).suffix.lower()
    kind = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or _FALLBACK
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


class S3Storage:
    """Objects of `bucket` whose keys begin with `prefix`."""

    concurrency = CONCURRENCY

    def __init__(self, aws: AwsSettings, bucket: str, prefix: str = "") -> None:
        self._aws = aws
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._connecting = threading.Lock()
        self._connected: Any = None

    def listing(self, folder: str) -> Mapping[str, str]:
        start = f"{self._prefix}{folder}/"
        found: dict[str, str] = {}
        with self._errors() as client:
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start):
                for each in page.get("Contents", ()):
                    # Of an object written in one part, as here, the entity tag is the MD5, unless the bucket
                    # encrypts with a key of its own: then everything counts as changed.
                    found[each["Key"].removeprefix(start)] = each["ETag"].strip('"')
        return found

    def read(self, path: str) -> bytes | None:
        from botocore.exceptions import ClientError

        with self._errors() as client:
            try:
                answer = client.get_object(Bucket=self._bucket, Key=self._prefix + path)
            except ClientError as error:
                if error.response["Error"]["Code"] in _GONE:
                    return None
                raise
            return bytes(answer["Body"].read(LARGEST))

    def write(self, path: str, file: Path) -> None:
        with self._errors() as client, file.open("rb") as stream:
            client.put_object(Bucket=self._bucket, Key=self._prefix + path, Body=stream, ContentType=content_type(path))

    def remove(self, paths: Sequence[str]) -> None:
        for start in range(0, len(paths), REMOVED_AT_ONCE):
            keys = [{"Key": self._prefix + path} for path in paths[start : start + REMOVED_AT_ONCE]]
            with self._errors() as client:
                answer = client.delete_objects(Bucket=self._bucket, Delete={"Objects": keys, "Quiet": True})
            if answer.get("Errors"):
                first = answer["Errors"][0]
                raise StorageError(f"{self._bucket} keeps {first.get('Key')}: {first.get('Code')}.")

    @contextlib.contextmanager
    def exclusive(self, folder: str) -> Iterator[None]:
        """Nothing: a bucket has no locks. Two who publish at once leave files of both; the next build mends it."""
        del folder
        yield

    @contextlib.contextmanager
    def _errors(self) -> Iterator[Any]:
        from botocore.exceptions import ClientError

        try:
            with aws_errors(self._aws):
                yield self._client()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            raise StorageError(
                f'The bucket "{self._bucket}" cannot be used: {code}.',
                remedy="Check docs.bucket and the rights of the server.",
            ) from error

    def _client(self) -> Any:
        with self._connecting:
            if self._connected is None:
                self._connected = connect_aws(self._aws, "s3")
            return self._connected
