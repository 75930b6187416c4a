"""`kg serve` as an office runs it: it starts, tells where, ends when it is told to, and leaves no process behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from serving import ENDLESS

EXPORTS = Path(__file__).parent.parent / "exports"


@pytest.fixture
def server():
    """`kg serve exports` on a free port: its process and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kg", "serve", str(EXPORTS), "--port", str(port), "--timeout", "3"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        time.sleep(0.1)
        if process.poll() is not None or answered(f"{address}/health") == 200:
            break
    yield process, address
    process.kill()
    process.communicate()


def answered(address):
    try:
        with urllib.request.urlopen(address, timeout=60) as response:  # noqa: S310 - of our own server
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def lives(process):
    """Whether a process runs; one that has ended and that nobody has asked for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="which processes it has is seen in /proc")
def test_a_query_under_way_is_answered_before_the_server_ends(server):
    process, address = server
    found = []
    query = urllib.parse.urlencode({"query": ENDLESS})
    asking = threading.Thread(target=lambda: found.append(answered(f"{address}/sparql?{query}")))
    asking.start()
    time.sleep(1)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()

    process.send_signal(signal.SIGTERM)
    asking.join(60)
    process.communicate(timeout=60)

    assert found == [503]
    assert process.returncode in {0, -signal.SIGTERM}
    assert answered(f"{address}/health") is None
    assert children
    for _ in range(100):
        if not any(map(lives, children)):
            break
        time.sleep(0.1)
    assert not [child for child in children if lives(child)]


def test_what_cannot_be_served_is_told_in_one_line(tmp_path, command):
    run = command("serve", tmp_path / "none.ttl")

    assert run.status == 2
    assert len(run.err.splitlines()) == 1
    assert "none.ttl" in run.err
