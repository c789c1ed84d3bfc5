# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The compose file keeps to its own rules, and names only settings, commands and files that exist."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.__main__ import main
from app.settings import Settings
from deploy.dockerfile import image

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy"
PARSED: Mapping[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
SERVICES: Mapping[str, Mapping[str, Any]] = PARSED["services"]
OURS = ("prepare", "waarmerk")


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_can_do_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {"cap_add", "privileged", "network_mode", "pid", "ipc", "devices"}
    assert not any("docker.sock" in volume for volume in service.get("volumes", ()))


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_named_by_version(name: str) -> None:
    assert re.fullmatch(r"[\w/-]+:\d[\w.-]+", SERVICES[name]["image"])


@pytest.mark.parametrize("name", OURS)
def test_ours_sets_what_exists(name: str) -> None:
    environment = SERVICES[name]["environment"]
    names = {setting.removeprefix("WAARMERK_").lower() for setting in environment if setting.startswith("WAARMERK_")}
    assert names <= Settings.model_fields.keys()
    assert SERVICES[name].get("command", ["serve"])[0] in main.commands


@pytest.mark.parametrize("name", OURS)
def test_ours_writes_where_the_image_says(name: str) -> None:
    built = image(ROOT / "Dockerfile")
    writable = [volume.partition(":")[2] for volume in SERVICES[name]["volumes"] if not volume.endswith(":ro")]
    assert writable == [built.settings["VOLUME"]]
    assert SERVICES[name]["user"] == built.settings["USER"]


def test_only_what_asks_models_is_in_a_network_that_leads_out() -> None:
    leads_out = {
        name
        for name, network in PARSED["networks"].items()
        if not network.get("internal") and "driver_opts" not in network
    }
    assert leads_out == {"models"}
    assert [name for name, service in SERVICES.items() if "models" in service["networks"]] == ["waarmerk"]
    assert SERVICES["database"]["networks"] == ["data"]


def test_the_proxy_in_front_is_believed() -> None:
    [subnet] = PARSED["networks"]["edge"]["ipam"]["config"]
    assert SERVICES["waarmerk"]["environment"]["WAARMERK_TRUSTED_PROXIES"] == subnet["subnet"]


def test_no_secret_stands_in_the_file_or_in_the_environment() -> None:
    for service in SERVICES.values():
        assert [name for name in service.get("environment", ()) if re.search("PASSWORD$|TOKEN|KEY$", name)] == []
        assert set(service.get("secrets", ())) <= PARSED["secrets"].keys()
    assert all(secret["file"].startswith("./secrets/") for secret in PARSED["secrets"].values())


def test_running_calls_get_their_time_to_finish() -> None:
    assert float(SERVICES["waarmerk"]["stop_grace_period"].removesuffix("s")) > Settings().drain + 10


def test_every_file_is_there_or_the_page_says_how_to_make_it() -> None:
    page = (FOLDER / "README.md").read_text()
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    named = {secret["file"] for secret in PARSED["secrets"].values()} | {name for name in mounted if name[0] == "."}
    assert [
        name for name in sorted(named) if not (FOLDER / name).exists() and name.removeprefix("./") not in page
    ] == []
