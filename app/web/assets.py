# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`/static/{digest}/{name}`: what pages need beside themselves. The address tells the content, so it may be kept for ever."""

import hashlib
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from app.domain.errors import UnknownRoute

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


class Assets:
    """The files of a folder, read once. Only kinds that are known are served."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        """Raises `OSError` when the folder cannot be read."""
        self._files = {
            path.relative_to(folder).as_posix(): (path.read_bytes(), _TYPES[path.suffix])
            for path in sorted(folder.rglob("*"))
            if path.suffix in _TYPES
        }

    def address(self, name: str) -> str:
        """Where a page finds this file. Raises `KeyError` when there is no such file."""
        content, _ = self._files[name]
        return f"/static/{_digest(content)}/{name}"

    def router(self) -> APIRouter:
        """Each file under the digest of its content, and nowhere else."""
        routes = APIRouter(prefix="/static", include_in_schema=False)

        @routes.get("/{digest}/{name:path}")
        async def file(digest: str, name: str) -> Response:
            content, kind = self._files.get(name, (b"", ""))
            if not kind or digest != _digest(content):
                raise UnknownRoute
            return Response(content, media_type=kind, headers=_FOR_EVER)

        return routes


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
