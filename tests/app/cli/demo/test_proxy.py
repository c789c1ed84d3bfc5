# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import os
import subprocess
import sys

from app.cli.demo.children import Child
from app.cli.demo.home import DemoHome
from app.cli.demo.scene import sdk
from tests.app.cli.demo.conftest import until_it_answers


def test_it_serves_by_the_settings_of_its_home(home: DemoHome) -> None:
    child = Child("app.cli.demo.proxy", log=home.folder / "proxy.log", environment=home.environment())
    try:
        with sdk(home.base_url, home.key("balie")) as client:
            until_it_answers(child, client)
            assert "balie-zoekvraag" in [model.id for model in client.models.list()]
    finally:
        child.stop()


def test_it_ends_in_order_when_the_demo_is_gone(home: DemoHome) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli.demo.proxy"],
        stdin=subprocess.DEVNULL,  # closed from the start
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(home.environment()) | {"PATH": os.environ["PATH"]},
    ) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode in {0, -15}, said
