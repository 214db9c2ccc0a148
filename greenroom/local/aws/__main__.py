"""Runs the simulated AWS: `python -m greenroom.local.aws --port 7111 --environments staging,production`."""

from __future__ import annotations

import argparse
import os
import signal

from greenroom.local.aws.server import LocalAws


def main() -> None:
    """Answer until SIGTERM or SIGINT. Nothing is kept afterwards."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--region", default="eu-west-1")
    parser.add_argument("--environments", required=True)
    parser.add_argument("--domain", default="example.com")
    parser.add_argument("--pace", type=float, default=0.0)
    given = parser.parse_args()
    for each in (signal.SIGTERM, signal.SIGINT):
        # Nothing is kept, and tidying a hundred thousand objects of moto's away takes Python seconds.
        signal.signal(each, lambda *_: os._exit(0))
    aws = LocalAws(
        given.host,
        given.port,
        region=given.region,
        environments=given.environments.split(","),
        domain=given.domain,
        pace=given.pace,
    )
    print(f"AWS is simulated at {aws.url}", flush=True)
    aws.serve()


if __name__ == "__main__":
    main()
