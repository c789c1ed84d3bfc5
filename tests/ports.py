# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ports that are chosen now and listened on later, by another process, while other tests take ports as well."""

import socket
import sys

_KEPT: list[socket.socket] = []
"""Until the end of this run: who listens may come, go and come again."""


def reserved_port() -> int:
    """One that nobody listens on, and that the system gives to nobody who asks for any.

    Its socket is bound and does not listen. Linux lets another bind to the same port when both say SO_REUSEADDR, as every server
    here does, and who connects before that is refused as anywhere else. Other systems do not, so there it is only chosen.
    """
    keeping = socket.socket()
    keeping.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeping.bind(("127.0.0.1", 0))
    port: int = keeping.getsockname()[1]
    if sys.platform == "linux":
        _KEPT.append(keeping)
    else:
        keeping.close()
    return port
