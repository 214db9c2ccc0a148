"""The stand-in as a process: prints its two ports and serves until its parent closes its input."""

from __future__ import annotations

import asyncio
import gc
import sys

from benchmarks.stand_in.objects import Fleet
from benchmarks.stand_in.server import StandIn, serve


async def main(size: Fleet, bookmarks: float) -> None:
    """Serve until the input ends."""
    stand_in = StandIn(size, bookmarks=bookmarks)
    # What is there stays there: to look through it again and again would cost more than serving it.
    gc.freeze()
    port = await stand_in.open()
    commands = await asyncio.start_server(
        lambda reader, writer: serve(reader, writer, stand_in.command), "127.0.0.1", 0
    )
    beating = asyncio.create_task(stand_in.keep_watches_alive())
    print(port, commands.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    beating.cancel()


if __name__ == "__main__":
    deployments, replica_sets, pods = map(int, sys.argv[1:4])
    asyncio.run(main(Fleet(deployments, replica_sets, pods), float(sys.argv[4])))
