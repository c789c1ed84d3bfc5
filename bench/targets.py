# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is compared: each as its own manual says to run it, one process that works, on the same core, before the same model server."""

import getpass
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app import settings as configuration
from bench.tools import MOCK, OURS, ROOT, THEIRS, pinned

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
    user = f"user {getpass.getuser()}; " if os.getuid() == 0 else ""  # else its worker could not write where root may
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; pid {folder}/nginx.pid; error_log stderr error; worker_processes 1;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; client_max_body_size 16m; client_body_buffer_size 1m; keepalive_requests 1000000000;{temporary}\n"
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
        [str(THEIRS / "bin" / "litellm"), *arguments], environment=said, log=folder / "litellm.log"
    ) as process:
        yield Target("litellm", process, port, key)


class Installation:
    """Waarmerk with everything on, in production, with the default of every setting, as an operator prepares it.

    `like`: an installation whose home is copied, instead of making another. The policy folder holds so many `applications`.
    """

    def __init__(
        self, folder: Path, upstream: int, *, applications: int = 1, like: "Installation | None" = None
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "waarmerk.log"
        self.environment = {
            "MALLOC_ARENA_MAX": "2",  # as the image and the unit set it
            "WAARMERK_HOME": str(folder / "home"),
            "WAARMERK_ENVIRONMENT": "production",
            "WAARMERK_POLICIES": str(folder / "policies"),
            "WAARMERK_POLICY_VARIABLES": json.dumps({"DEMO_PORT": str(upstream)}),
            "WAARMERK_PORT": str(self.port),
            "WAARMERK_PUBLIC_ADDRESS": f"http://127.0.0.1:{self.port}",
        }
        shutil.copytree(ROOT / "policies" / "example", folder / "policies")
        _multiply(folder / "policies" / "applications" / "balie.yaml", applications)
        if like is None:
            self.run("app", "init", "--production")
            self.key = self.run("app", "key", "create", "balie").splitlines()[0]
        else:
            shutil.copytree(like.folder / "home", folder / "home")
            self.key = like.key

    def run(self, module: str, *arguments: str, **settings: str) -> str:
        """Run `python -m module ...` on the core of the proxies, with the settings of this installation; what it printed."""
        command = pinned([str(OURS / "bin" / "python"), "-m", module, *arguments], -1)
        environment = _environment({**self.environment, **settings})
        with self.log.open("ab") as log:
            said = subprocess.run(
                command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, stderr=log, text=True
            )
        return said.stdout

    @contextmanager
    def serving(self) -> Iterator[Target]:
        """`waarmerk serve`."""
        command = [str(OURS / "bin" / "python"), "-m", "app", "serve"]
        with _running(command, environment=self.environment, log=self.log) as process:
            yield Target(
                "waarmerk", process, self.port, self.key, whole=MARKS, streamed=(*MARKS, "[DONE]"), log=self.log
            )


def _multiply(application: Path, count: int) -> None:
    """Write copies of an application of the example, each under an id of its own, until there are so many."""
    text, name = application.read_text(), application.stem
    for number in range(1, count):
        application.with_stem(f"{name}-{number}").write_text(text.replace(f"id: {name}\n", f"id: {name}-{number}\n"))


@contextmanager
def _running(
    command: Sequence[str], *, core: int = -1, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with (log or Path(os.devnull)).open("ab") as file:
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
