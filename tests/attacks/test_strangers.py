# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Without a key or a session, or with one that is somebody else's; and keys that end up where they should not (A18, A20, A21)."""

import base64
import json
import re
import secrets

import pytest

from tests.attacks.scene import DRAFT, HELD, Scene
from tests.reviewers import CHAT

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_no_key_is_written_down_or_said_back(scene: Scene) -> None:
    """Sent in every place where somebody could put it, honest or not. A page repeats its own address, in its link to the other language."""
    key = scene.waarmerk.key()
    guess = f"wmk_{secrets.token_urlsafe(32)}"
    basic = base64.b64encode(f"x:{key}".encode()).decode()
    for sent in (key, guess):
        await scene.send(
            "POST", CHAT, key=None, more={"authorization": f"Bearer {sent}"}, json={"model": sent, "messages": sent}
        )
        await scene.send(
            "POST", CHAT, key=None, more={"x-api-key": sent, "api-key": sent, "cookie": f"waarmerk={sent}"}, json={}
        )
        await scene.send("POST", f"{CHAT}?api_key={sent}", key=None, json={"model": DRAFT, "api_key": sent})
        await scene.send("GET", f"/v1/models/{sent}")
        await scene.send("GET", f"/v/{sent}", key=None)
        await scene.send("GET", f"/review/sign-in?next=/review/{sent}", key=None)
        await scene.send("GET", f"/{sent}", key=None)
        await scene.ask(
            DRAFT, user=sent, more={"idempotency-key": sent, "user-agent": sent, "referer": f"https://{sent}/"}
        )
    await scene.send("POST", CHAT, key=None, more={"authorization": f"Basic {basic}"}, json={})
    shown = [data for data in scene.left if key.encode() in data and b"text/html" not in data]
    assert shown == []
    kept = {path.name: data for path, data in scene.waarmerk.kept().items()}
    assert {"serve.log", "waarmerk.db"} <= kept.keys()
    assert [
        name for name, data in kept.items() if key.encode() in data or guess.encode() in data or basic.encode() in data
    ] == []
    for request in scene.model.requests:
        assert key not in str(request.headers)


KEYS = [
    "",
    "Bearer",
    "Bearer null",
    "Bearer wmk_",
    "Bearer wmk_" + "A" * 43,
    "Bearer " + "A" * 20_000,
    "Basic d21rOng=",
    "Digest x",
]


@pytest.mark.parametrize("sent", KEYS, ids=lambda key: key[:16])
async def test_no_other_key_opens_anything(scene: Scene, sent: str) -> None:
    review = await scene.held()
    scene.model.requests.clear()
    scene.waarmerk.forget()
    for method, path in (
        ("POST", CHAT),
        ("GET", "/v1/models"),
        ("GET", f"{CHAT}/{review['completion_id']}"),
        ("GET", review["status_url"]),
    ):
        told = await scene.send(method, path, key=None, more={"authorization": sent}, json={"model": DRAFT})
        assert told.status_code == 401, path
    scene.nothing_happened()


async def test_a_key_twice_or_beside_another_is_no_key(scene: Scene) -> None:
    body = json.dumps({"model": DRAFT, "messages": [{"role": "user", "content": "x"}]}).encode()
    for other in (b"Bearer {key}", b"Bearer wmk_other", b"Basic eDp5"):
        head = (
            b"POST %b HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nAuthorization: %b\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n"
        )
        assert (await scene.bytes(head % (CHAT.encode(), other, len(body)) + body)).startswith(b"HTTP/1.1 401 ")
    scene.nothing_happened()


COOKIES = ["", "x", "waarmerk", "0" * 43, "null", "A" * 3000, "' OR 1=1 --", "../../etc/passwd", "usr_1", "%00"]


@pytest.mark.parametrize("cookie", COOKIES, ids=lambda cookie: cookie[:12])
async def test_no_other_cookie_is_a_session(scene: Scene, cookie: str) -> None:
    review = await scene.held()
    sent = f"waarmerk={cookie}; __Host-waarmerk={cookie}; waarmerk-form={cookie}"
    for path in (
        "/review/",
        "/review/closed",
        "/review/account",
        f"/review/{review['id']}",
        f"/review/{review['id']}/changes",
    ):
        told = await scene.send("GET", path, more={"cookie": sent})
        assert told.status_code == 303, path
        assert told.headers["location"].startswith("/review/sign-in")
    assert scene.leaked() == []


NAMES = [
    "rev_0",
    "rev_",
    "rev_'--",
    "rev_%27%20OR%201",
    "REV_1",
    "rev_" + "0" * 4000,
    "rev_1/../rev_2",
    "rev_1%2f..",
    "rev_1%00",
    "*",
    "%ff%fe",
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:16])
async def test_no_other_name_is_a_review(scene: Scene, name: str) -> None:
    """And none makes the house stumble."""
    for path in (
        f"/api/v1/reviews/{name}",
        f"{CHAT}/chatcmpl-{name}",
        f"{CHAT}/{name}",
        f"/v/{name}",
        f"/v/{name}/receipt.json",
    ):
        assert (await scene.send("GET", path)).status_code in {303, 308, 400, 404}, path


async def test_a_used_idempotency_key_brings_nobody_anothers_answer(scene: Scene) -> None:
    """Nor a second answer for the same key, nor an approval of one question for another person's."""
    sent = {"idempotency-key": "the-same-key"}
    mine = await scene.held(more={**sent, "waarmerk-context": 'actor="p-1"'})
    assert (await scene.held(more={**sent, "waarmerk-context": 'actor="p-1"'}))["id"] == mine["id"]
    assert (await scene.held(more={**sent, "waarmerk-context": 'actor="p-2"'}))["id"] != mine["id"]
    body = {"model": HELD, "messages": [{"role": "user", "content": "x"}]}
    assert (await scene.send("POST", CHAT, key="proeftuin", more=sent, json=body)).status_code == 403
    assert scene.leaked() == []


WEAK = {
    "/": "//",
    "back": "/review/../v1",
    "elsewhere": "https://evil.example",
    "elsewhere, briefly": "//evil.example",
    "a script": "javascript:alert(1)",
}


@pytest.mark.parametrize("wanted", WEAK.values(), ids=WEAK.keys())
async def test_signing_in_leads_nowhere_else(scene: Scene, wanted: str) -> None:
    told = await scene.send("GET", "/review/sign-in", key=None, params={"next": wanted})
    assert told.status_code == 200
    assert '<input type="hidden" name="next" value="/review/">' in told.text
    assert not re.search(r"""(?:href|action|src|value)=["'](?:https?:)?//evil|["']javascript:""", told.text)
