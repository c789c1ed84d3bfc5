# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import os
import subprocess
import sys

CHILD = """
import signal, sys
from app.cli.demo.leash import end_with_parent
{before}
end_with_parent()
print("ready", flush=True)
signal.pause()
while True: pass
"""


def start(before: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD.format(before=before)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_it_ends_when_the_other_end_of_the_pipe_is_gone() -> None:
    with start() as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.stdin.write(b"still here")
        child.stdin.flush()
        assert child.poll() is None
        child.stdin.close()
        assert child.wait(30) == -15


def test_it_ends_also_when_it_does_not_listen() -> None:
    with start("signal.signal(signal.SIGTERM, signal.SIG_IGN)") as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.stdin.close()
        assert child.wait(60) == 1


def test_it_ends_when_the_parent_is_killed() -> None:
    parent = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {CHILD.format(before='')!r}], stdin=subprocess.PIPE)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.kill()
        assert process.stdout.read() == b""  # the child held the other end of this pipe: it is gone
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
