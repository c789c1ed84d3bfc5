# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Waarmerk as the demo's child: `python -m app.cli.demo.proxy` is `waarmerk serve` that ends with the demo."""

from app import settings as configuration
from app.cli.demo.leash import end_with_parent
from app.main import listener
from app.web.server import serve


def main() -> None:
    """Serve by the settings in force."""
    end_with_parent()
    serve("app.main:application", listener(configuration.load()))


if __name__ == "__main__":
    main()
