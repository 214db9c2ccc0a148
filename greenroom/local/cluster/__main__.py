"""`python -m greenroom.local.cluster`: the simulated clusters as a program."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from foundation.errors import GreenroomError
from greenroom.local.cluster.listener import listen
from greenroom.local.cluster.server import ClusterServer, ServerOptions, run


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; 1 and one sentence when it cannot start."""
    options = _parse(arguments)
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        print(f"Port {options.port} on {options.host} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1
    names = tuple(filter(None, options.clusters.split(",")))
    try:
        server = ClusterServer(ServerOptions(names, options.state, options.kubeconfig, options.pace), listener)
    except GreenroomError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Simulated clusters {', '.join(names)} at {server.url}/clusters/<name>", flush=True)
    try:
        run(server)
    except KeyboardInterrupt:
        return 0
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m greenroom.local.cluster", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7110, help="port, 0 for any free one (default: %(default)s)")
    parser.add_argument("--clusters", default="staging,production", help="names, separated by commas")
    parser.add_argument("--state", type=Path, help="folder that keeps the clusters from one start to the next")
    parser.add_argument("--kubeconfig", type=Path, help="file to write, with one context for each cluster")
    parser.add_argument("--pace", type=float, default=1.0, help="multiplies every wait; 0 is at once")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
