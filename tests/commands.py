# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The real command line in this process, on a home of its own."""

from pathlib import Path

from click.testing import CliRunner, Result

from app.__main__ import main


class Commands:
    """`run("key", "list")` is `waarmerk key list` with this home."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self._environment: dict[str, str | None] = {
            "WAARMERK_HOME": str(home),
            **{f"WAARMERK_{name.upper()}": value for name, value in settings.items()},
        }

    def __call__(self, *arguments: str, status: int = 0) -> Result:
        """Fails when the command ended otherwise than expected."""
        result = CliRunner().invoke(main, list(arguments), env=self._environment)
        assert result.exit_code == status, result.output
        return result
