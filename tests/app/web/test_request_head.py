# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A truth table: one thing wrong at a time, and two where it matters which is told; tests/framing asks over a socket."""

import pytest

from app.web.edge import EXPECTATION, HOST, MALFORMED, METHOD, TARGET, UPGRADE, VERSION, EdgeProblem
from app.web.request_head import judge

TOLD = {b"host": b"a"}


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("target", [b"/", b"/v1/chat/completions?a=b&c=%20", b"/~!$'()*+,;=:@[]\\^`{|}\""])
def test_what_is_well_formed_goes_on(method: bytes, version: str, target: bytes) -> None:
    assert judge(method, target, version, TOLD) is None


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0", "1", ""])
def test_another_version_is_refused(version: str) -> None:
    assert judge(b"GET", b"/", version, TOLD) is VERSION


@pytest.mark.parametrize(
    "target", [b"", b"*", b"a", b"http://a/", b"a:443", b"/#a", b"/ ", b"/\t", b"/\x7f", b"/\xc3\xa9"]
)
def test_a_target_that_is_not_in_origin_form_is_refused(target: bytes) -> None:
    assert judge(b"GET", target, "1.1", TOLD) is TARGET


@pytest.mark.parametrize("method", [b"", b"get", b"TRACE", b"CONNECT", b"PROPFIND", b"GETS"])
def test_a_method_that_is_not_known_is_refused(method: bytes) -> None:
    assert judge(method, b"/", "1.1", TOLD) is METHOD


@pytest.mark.parametrize("framing", [{}, {b"host": b""}, {b"content-length": b"0"}])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_no_host_is_refused(framing: dict[bytes, bytes], version: str) -> None:
    assert judge(b"POST", b"/", version, framing) is HOST


@pytest.mark.parametrize(
    ("headers", "in_1_0", "in_1_1"),
    [
        ({b"content-length": b"3"}, None, None),
        ({b"transfer-encoding": b"chunked"}, MALFORMED, None),
        ({b"transfer-encoding": b"CHUNKED"}, MALFORMED, None),
        ({b"transfer-encoding": b"gzip, chunked"}, MALFORMED, MALFORMED),
        ({b"transfer-encoding": b"identity"}, MALFORMED, MALFORMED),
        ({b"transfer-encoding": b"chunked", b"content-length": b"3"}, MALFORMED, MALFORMED),
        ({b"upgrade": b"h2c"}, UPGRADE, UPGRADE),
        ({b"upgrade": b"websocket", b"transfer-encoding": b"gzip"}, UPGRADE, UPGRADE),
        ({b"expect": b"100-continue"}, None, None),
        ({b"expect": b"100-Continue", b"content-length": b"3"}, None, None),
        ({b"expect": b"200-ok"}, None, EXPECTATION),
        ({b"expect": b""}, None, EXPECTATION),
    ],
)
def test_framing_is_said_in_one_way(
    headers: dict[bytes, bytes], in_1_0: EdgeProblem | None, in_1_1: EdgeProblem | None
) -> None:
    assert judge(b"POST", b"/", "1.0", TOLD | headers) is in_1_0
    assert judge(b"POST", b"/", "1.1", TOLD | headers) is in_1_1
