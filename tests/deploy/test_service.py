# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The systemd unit says what the code says, and gives the service nothing that it does not need."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.__main__ import main
from app.settings import Settings
from app.web.protocol import EdgeLimits
from app.web.server import CONFIGURATION_FAILURE, Listener

ROOT = Path(__file__).parents[2]
YES = (
    *("LockPersonality", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateDevices", "PrivateIPC", "PrivateTmp"),
    *("PrivateUsers", "ProtectClock", "ProtectControlGroups", "ProtectHome", "ProtectHostname", "ProtectKernelLogs"),
    *("ProtectKernelModules", "ProtectKernelTunables", "RemoveIPC", "RestrictNamespaces", "RestrictRealtime"),
    "RestrictSUIDSGID",
)


def unit() -> Mapping[str, Sequence[str]]:
    """Every value of each key, in order."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "deploy" / "waarmerk.service").read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


UNIT = unit()
ENVIRONMENT = dict(pair.split("=", 1) for line in UNIT["Environment"] for pair in line.split())


def test_it_sets_what_exists() -> None:
    names = {name.removeprefix("WAARMERK_").lower() for name in ENVIRONMENT if name.startswith("WAARMERK_")}
    assert names <= Settings.model_fields.keys()
    assert ENVIRONMENT["WAARMERK_ENVIRONMENT"] == "production"


def test_it_starts_what_exists_and_looks_first() -> None:
    assert [Path(command).name for command in UNIT["ExecStartPre"]] == ["waarmerk doctor"]
    assert [Path(command).name for command in UNIT["ExecStart"]] == ["waarmerk serve"]
    assert {"doctor", "serve"} <= main.commands.keys()


def test_running_calls_get_their_time_to_finish() -> None:
    longest = Settings().drain + Listener().farewell_seconds
    assert float(UNIT["TimeoutStopSec"][0]) > longest + 5


def test_it_may_open_as_many_files_as_its_connections_need() -> None:
    """Each may need another one to a model, and the database needs some."""
    assert int(UNIT["LimitNOFILE"][0]) > 2 * EdgeLimits().connections + 128


def test_what_an_operator_must_look_at_is_not_started_again() -> None:
    assert UNIT["RestartPreventExitStatus"] == [str(CONFIGURATION_FAILURE)]


def test_it_writes_in_one_place() -> None:
    assert UNIT["ProtectSystem"] == ["strict"]
    assert ENVIRONMENT["WAARMERK_HOME"] == f"/var/lib/{UNIT['StateDirectory'][0]}" == UNIT["WorkingDirectory"][0]
    assert not UNIT.keys() & {"ReadWritePaths", "BindPaths", "LogsDirectory", "CacheDirectory"}
    assert ENVIRONMENT["PYTHONSAFEPATH"] == "1"


def test_it_can_do_nothing_that_it_need_not() -> None:
    assert UNIT["CapabilityBoundingSet"] == UNIT["AmbientCapabilities"] == [""]
    assert {name: UNIT.get(name) for name in YES if UNIT.get(name) != ["yes"]} == {}
    assert UNIT["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    assert set(UNIT["RestrictAddressFamilies"][0].split()) == {"AF_INET", "AF_INET6", "AF_UNIX"}


def test_a_secret_comes_as_a_file() -> None:
    assert UNIT["LoadCredential"] == ["models:/etc/waarmerk/credentials"]
    assert UNIT["LimitCORE"] == ["0"]
