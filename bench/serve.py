"""Many clients at once: ``python bench/serve.py exports [--clients 50] [--seconds 30]`` starts `kg serve` and asks it.

Prints how many requests were answered, how many failed, how long they took, and the memory of the server and its
workers before and after. Everything stays on this machine (127.0.0.1).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx2

_ASKED = (
    "/api/search?q=cqszgh",
    "/sparql?query=SELECT%20%3Fn%20%7B%20%3Fs%20a%20kg%3ATradeUnion%20%3B%20skos%3AprefLabel%20%3Fn%20%7D",
    "/questions/who-organizes",
    "/sparql?query=SELECT%20%28COUNT%28%2A%29%20AS%20%3Fn%29%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
    "/",
    "/health",
)


async def client(address: str, until: float, first: int, taken: list[float], statuses: Counter[str]) -> None:
    """Ask one thing after the other until the time is over."""
    async with httpx2.AsyncClient(base_url=address, timeout=60) as session:
        for path in itertools.islice(itertools.cycle(_ASKED), first, None):
            if time.monotonic() > until:
                return
            begun = time.monotonic()
            try:
                response = await session.get(path)
                statuses[str(response.status_code)] += 1
            except httpx2.HTTPError as error:
                statuses[type(error).__name__] += 1
            taken.append(time.monotonic() - begun)


def memory(root: int) -> int:
    """The resident memory of a process and its children in MiB, as Linux tells it."""
    pids = [root]
    for pid in pids:
        children = Path(f"/proc/{pid}/task/{pid}/children")
        pids += [int(child) for child in children.read_text(encoding="ascii").split()] if children.exists() else []
    total = 0
    for pid in pids:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        total += int(status.partition("VmRSS:")[2].split()[0])
    return total // 1024


async def run(address: str, clients: int, seconds: float) -> tuple[list[float], Counter[str]]:
    """Let the clients loose."""
    taken: list[float] = []
    statuses: Counter[str] = Counter()
    until = time.monotonic() + seconds
    await asyncio.gather(*(client(address, until, n, taken, statuses) for n in range(clients)))
    return taken, statuses


def main() -> None:
    """Start a server, ask it, tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("source")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "kg", "serve", given.source, "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        for _ in range(600):
            try:
                httpx2.get(f"{address}/health")
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        asyncio.run(run(address, given.clients, 3))
        before = memory(server.pid)
        taken, statuses = asyncio.run(run(address, given.clients, given.seconds))
        after = memory(server.pid)
    finally:
        server.terminate()
        server.wait(60)
    marks = statistics.quantiles(taken, n=100)
    told = ", ".join(f"{count} of status {status}" for status, count in sorted(statuses.items()))
    print(f"{given.clients} clients, {given.seconds:g} s: {len(taken)} requests, {told}")
    print(f"median {statistics.median(taken) * 1000:.0f} ms, 99th percentile {marks[98] * 1000:.0f} ms")
    print(f"memory of server and workers: {before} MiB before, {after} MiB after; ended with {server.returncode}")


if __name__ == "__main__":
    main()
