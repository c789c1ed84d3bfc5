# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.upstream.credentials import Credentials, CredentialUnusable
from tests.fake_upstream import FakeUpstream

CANARY = "sk-canary-7f3a"


def header(
    reference: str | None, *, dialect: str = "openai", environment: dict[str, str] | None = None
) -> tuple[str, str] | None:
    deployment = FakeUpstream().deployment(credential=reference, dialect=dialect)
    return Credentials(environment or {}).header(deployment)


def secret_file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("openai", ("authorization", f"Bearer {CANARY}")),
        ("ollama", ("authorization", f"Bearer {CANARY}")),
        ("azure", ("api-key", CANARY)),
        ("anthropic", ("x-api-key", CANARY)),
        ("gemini", ("x-goog-api-key", CANARY)),
    ],
)
def test_the_dialect_decides_the_header(dialect: str, expected: tuple[str, str]) -> None:
    assert header("env:KEY", dialect=dialect, environment={"KEY": CANARY}) == expected


def test_a_deployment_without_credential_gets_no_header() -> None:
    assert header(None) is None


def test_a_file_is_read_whole_and_stripped(tmp_path: Path) -> None:
    path = secret_file(tmp_path, f"  {CANARY}\n".encode())
    assert header(f"file:{path}") == ("authorization", f"Bearer {CANARY}")


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600, 0o640])
def test_a_file_that_the_group_may_read_is_used(tmp_path: Path, mode: int) -> None:
    assert header(f"file:{secret_file(tmp_path, CANARY.encode(), mode)}") is not None


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o660, 0o666, 0o601])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(CredentialUnusable, match="chmod 600"):
        header(f"file:{secret_file(tmp_path, CANARY.encode(), mode)}")


def test_a_changed_file_and_a_swapped_link_are_read_again(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(secret_file(tmp_path, b"first"))
    credentials, deployment = Credentials({}), FakeUpstream().deployment(credential=f"file:{link}")
    assert credentials.header(deployment) == ("authorization", "Bearer first")
    path = secret_file(tmp_path, b"third")
    os.utime(path, ns=(1, 1))
    assert credentials.header(deployment) == ("authorization", "Bearer third")
    other = tmp_path / "other"
    other.write_bytes(b"other")
    other.chmod(0o600)
    os.utime(other, ns=(1, 1))
    link.unlink()
    link.symlink_to(other)
    assert credentials.header(deployment) == ("authorization", "Bearer other")


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    path = secret_file(tmp_path, b"first")
    status = path.stat()
    credentials, deployment = Credentials({}), FakeUpstream().deployment(credential=f"file:{path}")
    credentials.header(deployment)
    path.write_bytes(b"other")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert credentials.header(deployment) == ("authorization", "Bearer first")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"a\r\nx-evil: 1",
        b"a\nb",
        b"a\x00b",
        b"a b",
        "sleutel-é".encode(),
        b"\xff\xfe",
        b"a" * 8193,
        b"a\tb",
        b"\x7f",
    ],
)
def test_what_could_end_the_header_is_refused_and_not_shown(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CredentialUnusable, match="visible ASCII"):
        header(f"file:{secret_file(tmp_path, content)}")
    with pytest.raises(CredentialUnusable, match="visible ASCII"):
        header("env:KEY", environment={"KEY": content.decode("utf-8", "surrogateescape")})


@pytest.mark.parametrize(
    "reference", ["env:MISSING", "file:/nowhere/at/all", "file:/", "sk-canary-7f3a", "env:", "https://x"]
)
def test_what_cannot_be_read_is_an_error_that_does_not_say_where(reference: str) -> None:
    with pytest.raises(CredentialUnusable) as refused:
        header(reference)
    assert not any(part in str(refused.value) for part in ("nowhere", "MISSING", CANARY))


def test_no_repr_shows_a_secret(tmp_path: Path) -> None:
    credentials = Credentials({"KEY": CANARY})
    path = secret_file(tmp_path, CANARY.encode())
    deployment = FakeUpstream().deployment(credential="env:KEY")
    credentials.header(deployment)
    credentials.header(replace(deployment, credential=f"file:{path}"))
    assert CANARY not in repr(credentials) + str(credentials) + repr(deployment)
