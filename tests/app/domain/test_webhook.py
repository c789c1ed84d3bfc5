# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest

from app.domain.webhook import Webhook


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:9000/x", True),
        ("http://127.8.8.8/", True),
        ("http://[::1]:9000/", True),
        ("http://LOCALHOST/", True),
        ("http://localhost.example/", False),
        ("http://127.0.0.1.example/", False),
        ("http://127.1/", False),
        ("http://2130706433/", False),
        ("http://10.0.0.1/", False),
        ("http://localhost@elders.example/", False),
        ("http://", False),
    ],
)
def test_this_machine_is_a_loopback_address_as_written(url: str, expected: bool) -> None:
    assert Webhook("balie", url, "env:SECRET").on_this_machine is expected
