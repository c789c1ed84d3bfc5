# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shipped profile of HAProxy (`deploy/haproxy.cfg`) as it stands, in front of whatever listens on a port."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.ports import reserved_port

PROFILE: Final = Path(__file__).parents[1] / "deploy" / "haproxy.cfg"
_PATIENCE = 60


@contextmanager
def haproxy(
    server: int, *, port: int = 0, bind: str = "", host: str = "waarmerk.example", **settings: str
) -> Iterator[int]:
    """A running HAProxy; the port it listens on. `bind`: what follows the address; `settings`: `own_network` and the like."""
    port = port or reserved_port()
    environment = {
        **os.environ,
        "EDGE_BIND": f"127.0.0.1:{port} {bind}".strip(),
        "EDGE_SERVER": f"127.0.0.1:{server}",
        "EDGE_HOST": host,
        **{f"EDGE_{name.upper()}": value for name, value in settings.items()},
    }
    command = ["haproxy", "-db", "-q", "-f", str(PROFILE)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _until_it_listens(process, port)
            yield port
        finally:
            process.kill()


def _until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    patience = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE).close()
        except OSError:
            assert process.poll() is None, "HAProxy refuses its profile"
            assert time.monotonic() < patience
            time.sleep(0.05)
        else:
            return
