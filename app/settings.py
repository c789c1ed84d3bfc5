# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything an operator can set. The only file that sees the environment. docs/settings.md is held to this file by a test."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

import policies

_SHIPPED = Path(next(iter(policies.__path__)))


class Environment(StrEnum):
    """Where this installation stands."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Read from `WAARMERK_*` in the environment, then from `settings.env` in the home folder."""

    model_config = SettingsConfigDict(env_prefix="WAARMERK_", frozen=True, extra="forbid")

    home: Path = Field(Path(".waarmerk"), description="Folder for keys, the SQLite database and `settings.env`.")
    environment: Environment = Field(
        Environment.DEVELOPMENT, description="`production` refuses development keys and a missing policy folder."
    )
    database: str = Field(
        "", description="`sqlite:///FILE` or `postgresql://USER@HOST/NAME`. Empty: SQLite in the home folder."
    )
    policies: Path = Field(
        _SHIPPED / "example", description="The organisation's own policy folder. Production must name one."
    )
    policy_variables: dict[str, str] = Field(
        default_factory=dict, description="Values for `${NAME}` in deployments, as a JSON object."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8484, ge=0, le=65535, description="Port to listen on.")
    public_address: str = Field(
        "http://127.0.0.1:8484", description="How clients reach this installation: scheme, host, port."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Values of `Host` that are answered, separated by commas. Empty: the host of the public address.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Networks (CIDR, separated by commas) of reverse proxies whose `X-Forwarded-For` is believed."
    )
    tls_certificate: Path | None = Field(None, description="PEM file with certificate and chain. Empty: plain HTTP.")
    tls_key: Path | None = Field(None, description="PEM file with the key of the certificate.")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; more than one shares the database.")
    max_calls: int = Field(
        512, gt=0, description="Most calls to models that run at once in one process; beyond it they get 503."
    )
    max_calls_of_one: int = Field(256, gt=0, description="Most of those calls that one application may have running.")
    max_open_holds: int = Field(
        1000, gt=0, description="Most texts of one application that wait for a reviewer; beyond it its calls get 429."
    )
    max_body: int = Field(10 << 20, gt=0, description="Most bytes of a request body.")
    max_headers: int = Field(32 << 10, gt=0, description="Most bytes of a request's headers.")
    header_timeout: float = Field(
        10.0, gt=0, description="Seconds within which the headers of a request must have come."
    )
    body_timeout: float = Field(60.0, gt=0, description="Seconds that a request body may be silent.")
    write_timeout: float = Field(60.0, gt=0, description="Seconds that a client may leave its answer unread.")
    idle_timeout: float = Field(75.0, gt=0, description="Seconds that an idle connection stays open.")
    max_answer: int = Field(32 << 20, gt=0, description="Most bytes of an upstream answer that is not a stream.")
    keepalive: float = Field(15.0, gt=0, description="Seconds of silence after which a stream gets a comment.")
    drain: float = Field(60.0, ge=0, description="Seconds that running calls get to finish when the service stops.")
    ledger_queue: int = Field(
        10_000, gt=0, description="Most units that wait for the evidence writer; beyond it calls get 503."
    )
    ledger_timeout: float = Field(
        2.0, gt=0, description="Seconds a record may take to become durable; beyond it the call gets 503."
    )
    log_level: str = Field("INFO", description="`DEBUG`, `INFO`, `WARNING` or `ERROR`. No level logs content.")

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("public_address")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or value.endswith("/"):
            raise ValueError("must start with http:// or https:// and not end with a slash")
        return value

    @model_validator(mode="after")
    def _production(self) -> Self:
        if self.environment is Environment.PRODUCTION and self.policies == _SHIPPED / "example":
            raise ValueError("production needs WAARMERK_POLICIES: the example organisation is nobody's policy")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key go together")
        return self

    @property
    def baseline(self) -> Path:
        """The rules and facts that ship with the product."""
        return _SHIPPED / "baseline"

    @property
    def database_url(self) -> str:
        """`database`, or SQLite in the home folder."""
        return self.database or f"sqlite:///{self.home.resolve() / 'waarmerk.db'}"

    @property
    def log_host(self) -> str:
        """Name of this installation in the name of its logs: the host of the public address, without its port."""
        return urlsplit(self.public_address).hostname or "localhost"

    @property
    def answered_hosts(self) -> tuple[str, ...]:
        """`allowed_hosts`, or the host of the public address; in development also this machine by either of its names."""
        own = [self.public_address.partition("://")[2].lower()]
        if self.environment is Environment.DEVELOPMENT:
            own += [f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")]
        return self.allowed_hosts or tuple(dict.fromkeys(own))


def load(**overrides: object) -> Settings:
    """The settings in force: overrides, then the environment, then the file in the home folder, then the defaults."""
    home = Path(os.environ.get("WAARMERK_HOME", ".waarmerk"))
    return Settings(_env_file=home / "settings.env", **overrides)  # type: ignore[arg-type]


def environment() -> Mapping[str, str]:
    """The process environment, for credentials that a deployment names as `env:NAME`."""
    return os.environ
