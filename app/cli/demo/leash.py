# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A child of the demo ends with the demo, however the demo ended: by Ctrl-C, by a signal nobody can catch, by a crash."""

import os
import signal
import threading
import time

_GRACE = 5.0
"""Seconds to stop in an orderly way."""


def end_with_parent() -> None:
    """Watch standard input, a pipe whose other end only the demo holds: when it closes, the demo is gone, and so are we."""
    threading.Thread(target=_watch, name="leash", daemon=True).start()


def _watch() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)
