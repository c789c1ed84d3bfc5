# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""DNS rebinding on public addresses, where nothing but the rule stands in the way: all of them answer, over TLS we trust."""

import json
import subprocess
import sys

import pytest

from tests.egress.observe import ROOT
from tests.egress.world import CANARIES, MODEL, MOVES

pytestmark = [pytest.mark.needs("strace"), pytest.mark.needs("unshare"), pytest.mark.needs("ip")]

ADDRESSES = [host for host in [MODEL, *CANARIES] if host not in {"127.0.0.1", "::1"}]


def test_a_public_name_that_moves_is_never_followed_to_where_it_may_not_go() -> None:
    steps = ["ip link set lo up", *(f"ip addr add {host}/32 dev lo" for host in ADDRESSES)]
    steps.append(f"exec {sys.executable} -m tests.egress.world")
    said = subprocess.run(
        ["unshare", "--map-root-user", "--net", "sh", "-c", " && ".join(steps)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        timeout=300,
    )
    world = json.loads(said.stdout)
    moved = ["UpstreamUnreachable"] * len(MOVES)
    assert world["outcomes"] == ["answered", *moved, "answered", *["AddressRefused"] * len(CANARIES)]
    assert world["reached"] == [[MODEL, 443]]
    assert world["canaries"] == dict.fromkeys(CANARIES, 0)
