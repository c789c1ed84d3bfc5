# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a process says to the kernel about other machines: neither our code nor our libraries can hide it."""

import asyncio
import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CALLS = "connect,sendto,sendmsg,sendmmsg"
V4 = re.compile(r'sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)')
V6 = re.compile(r'sa_family=AF_INET6, sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)"')


async def observed(work: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[list[str], set[tuple[str, int]]]:
    """Outcomes of `caller` for this work, and every address and port that it tried to reach."""
    with tempfile.NamedTemporaryFile() as log:
        strace = ["strace", "-f", "-qq", "-s", "0", "-e", f"trace={CALLS}", "-o", log.name]
        process = await asyncio.create_subprocess_exec(
            *strace,
            *[sys.executable, "-m", "tests.egress.caller"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(process.communicate(json.dumps(work).encode()), 240)
        assert process.returncode == 0
        return json.loads(said), contacts(Path(log.name).read_text().splitlines())


def contacts(lines: Sequence[str]) -> set[tuple[str, int]]:
    """Addresses in the log of strace. A line about an internet address that cannot be read is a fault, not a blank."""
    found = set()
    for line in lines:
        if "AF_INET" in line:
            address = V4.search(line) or V6.search(line)
            assert address, line
            found.add((address[2], int(address[1])))
    return found
