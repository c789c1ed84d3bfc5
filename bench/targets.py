# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is compared: each as its own manual says to run it, one process that works, on the same core, before the same model server."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app import settings as configuration
from bench.tools import ENVIRONMENT, MOCK, ROOT, pinned

MODEL = "balie-concept"
"""A task of the example organisation: internal draft, so its prose gets a label, a mark in every sentence and a code line."""
MARKS = ("ai_provenance", "AI-concept.", "Gemaakt met AI", os.fsdecode(b"\xf3\xa0"))
"""Of a right answer of Waarmerk: envelope, label, code line, and the first bytes of the variation selectors of a sentence mark."""
_STOP_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Target:
    """Something that answers chat completions. `whole` and `streamed`: texts that stand in every right answer."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    key: str = "none"
    stream_path: str = "/v1/chat/completions"
    whole: Sequence[str] = ("Geachte",)
    streamed: Sequence[str] = ("Geachte", "[DONE]")
    log: Path | None = None


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def direct() -> Iterator[Target]:
    """The model server itself, on the core of the load."""
    port = free_port()
    with _running([str(MOCK), str(port)], core=0) as process:
        yield Target("direct", process, port)


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[Target]:
    """`proxy_pass` and nothing else; what is streamed is not buffered."""
    port = free_port()
    proxying = 'proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection "";'
    temporary = "".join(
        f" {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr error; worker_processes 1;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; client_max_body_size 16m; keepalive_requests 1000000000;{temporary}\n"
        f"  upstream model {{ server 127.0.0.1:{upstream}; keepalive 256; keepalive_requests 1000000000; }}\n"
        f"  server {{ listen 127.0.0.1:{port};\n"
        f"    location / {{ {proxying} }}\n"
        f"    location /streamed/ {{ {proxying} proxy_buffering off; }}\n"
        "  }\n}\n"
    )
    command = ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with _running(command) as process:
        yield Target("nginx", process, port, stream_path="/streamed/v1/chat/completions")


@contextmanager
def litellm(folder: Path, upstream: int) -> Iterator[Target]:
    """Its proxy as it is meant for production, without a database: a key, one worker, no retries, no call-backs."""
    port, key = free_port(), f"sk-{secrets.token_urlsafe(24)}"
    model = {"model": "openai/SmolLM2-135M-Instruct", "api_base": f"http://127.0.0.1:{upstream}/v1", "api_key": "none"}
    settings = {
        "model_list": [{"model_name": MODEL, "litellm_params": model}],
        "litellm_settings": {"num_retries": 0},
        "general_settings": {"master_key": key},
    }
    (folder / "litellm.yaml").write_text(json.dumps(settings))  # JSON is YAML
    arguments = [
        "--config",
        str(folder / "litellm.yaml"),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--num_workers",
        "1",
    ]
    said = {"LITELLM_MODE": "PRODUCTION", "LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    with _running(
        [str(ENVIRONMENT / "bin" / "litellm"), *arguments], environment=said, log=folder / "litellm.log"
    ) as process:
        yield Target("litellm", process, port, key)


@contextmanager
def waarmerk(folder: Path, upstream: int, *, applications: int = 1, prefilled: Path | None = None) -> Iterator[Target]:
    """Everything on, in production, with the defaults of every setting; the policy folder holds so many applications."""
    installation = Installation(folder, upstream, applications)
    if prefilled is None:
        installation.command("init", "--production")
    else:
        shutil.copytree(prefilled, folder / "home", dirs_exist_ok=True)
    key = installation.command("key", "create", "balie").splitlines()[0]
    log = folder / "waarmerk.log"
    with _running(installation.serving, environment=installation.environment, log=log) as process:
        yield Target("waarmerk", process, installation.port, key, whole=MARKS, streamed=(*MARKS, "[DONE]"), log=log)


class Installation:
    """A home, a policy folder and an environment for the commands of Waarmerk."""

    def __init__(self, folder: Path, upstream: int, applications: int = 1) -> None:
        self.port = free_port()
        self.serving = [sys.executable, "-m", "app", "serve"]
        self.environment: Mapping[str, str] = {
            "WAARMERK_HOME": str(folder / "home"),
            "WAARMERK_ENVIRONMENT": "production",
            "WAARMERK_POLICIES": str(folder / "policies"),
            "WAARMERK_POLICY_VARIABLES": json.dumps({"DEMO_PORT": str(upstream)}),
            "WAARMERK_PORT": str(self.port),
            "WAARMERK_PUBLIC_ADDRESS": f"http://127.0.0.1:{self.port}",
        }
        shutil.copytree(ROOT / "policies" / "example", folder / "policies", dirs_exist_ok=True)
        example = (folder / "policies" / "applications" / "balie.yaml").read_text()
        for number in range(1, applications):
            copied = example.replace("id: balie\n", f"id: balie-{number}\n")
            (folder / "policies" / "applications" / f"balie-{number}.yaml").write_text(copied)

    def command(self, *arguments: str) -> str:
        """Run `waarmerk ...`; what it printed."""
        said = subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=ROOT, env=_environment(self.environment), check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return said.stdout


@contextmanager
def _running(
    command: Sequence[str], *, core: int = -1, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with (log or Path(os.devnull)).open("wb") as file:
        process = subprocess.Popen(
            pinned(command, core),
            cwd=ROOT,
            env=_environment(environment or {}),
            stdout=file,
            stderr=file if log else None,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    inherited = configuration.environment()
    return {name: value for name, value in inherited.items() if not name.startswith("WAARMERK_")} | dict(more)
