# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Prove the unit: a systemd of its own starts it in a clean Debian root, kills it, starts it again and stops it.

`./dev prove-service`, as root, after `./dev prove-image` (whose root it takes) and with what that needs. systemd is the first
process of its own namespaces, not of a machine: what needs a kernel of its own, such as a power cut, is not proved.
"""

import argparse
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.dockerfile import BASE_PATH, Step
from deploy.prove_image import ROOT, expect, fresh, mounts, run, say, until

NAME = "ai.example.org"
ENVIRONMENT = f"WAARMERK_PUBLIC_ADDRESS=https://{NAME}\nWAARMERK_WORKERS=2\n"
INSTALL = (
    "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends systemd dbus"
)
READY = f"""
import http.client
door = http.client.HTTPConnection("127.0.0.1", 8484, timeout=3)
door.request("GET", "/health/ready", headers={{"Host": "{NAME}"}})
raise SystemExit(door.getresponse().status != 200)
"""
AS_THE_UNIT = (
    *("--uid=waarmerk", "--gid=waarmerk", "--property=StateDirectory=waarmerk"),
    *("--property=EnvironmentFile=/etc/waarmerk/environment", "--setenv=WAARMERK_ENVIRONMENT=production"),
    *("--setenv=WAARMERK_HOME=/var/lib/waarmerk", "--setenv=WAARMERK_POLICIES=/etc/waarmerk/policies"),
)
"""How deploy/README.md runs every other command."""


def main() -> None:
    """Make the root, start systemd in it, and see what the unit does."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="where `./dev prove-image` made its roots")
    stages: Path = parser.parse_args().folder.resolve() / "stages"
    root = fresh(stages / "image", stages / "service")
    run(Step("RUN", INSTALL), root, "/", {"PATH": BASE_PATH})
    furnish(root)
    with own_cgroup() as group, machine(root, group) as inside:
        prove(root, inside)
    say("Proved.")


def furnish(root: Path) -> None:
    """As deploy/README.md says, with one provider's credential."""
    etc = root / "etc/waarmerk"
    shutil.copy(ROOT / "deploy/waarmerk.service", root / "etc/systemd/system")
    shutil.rmtree(root / "var/lib/waarmerk")
    shutil.copytree(ROOT / "policies/example", etc / "policies", dirs_exist_ok=True)
    deployments = etc / "policies/deployments.yaml"
    given = "credential: file:/run/credentials/waarmerk.service/models_scaleway"
    deployments.write_text(deployments.read_text().replace("credential: file:/run/secrets/scaleway", given))
    (etc / "environment").write_text(ENVIRONMENT)
    (etc / "credentials").mkdir(mode=0o700)
    (etc / "credentials/scaleway").write_text("made-up")
    (etc / "credentials/scaleway").chmod(0o600)
    (root / "etc/machine-id").write_text("")


@contextmanager
def own_cgroup() -> Iterator[Path]:
    """A group for this systemd to rule, so that it rules no other."""
    tree = subprocess.run(["findmnt", "-no", "TARGET", "-t", "cgroup2"], check=True, capture_output=True, text=True)
    group = Path(tree.stdout.split()[0]) / f"waarmerk-proof-{os.getpid()}"
    group.mkdir()
    try:
        yield group
    finally:
        until(lambda: "populated 0" in (group / "cgroup.events").read_text())
        for folder in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True):
            folder.rmdir()
        group.rmdir()


class Machine:
    """Commands inside."""

    def __init__(self, first: int) -> None:
        self._enter = ["nsenter", f"--target={first}", "--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup"]

    def __call__(self, *words: str) -> bool:
        """Whether it ended well."""
        return self._run(words, capture=False).returncode == 0

    def said(self, *words: str) -> str:
        """What it printed."""
        return self._run(words, capture=True).stdout or ""

    def _run(self, words: Sequence[str], *, capture: bool) -> subprocess.CompletedProcess[str]:
        where = [*self._enter, "--root", "--wd=/", "env", "-i", f"PATH={BASE_PATH}", *words]
        output = subprocess.PIPE if capture else subprocess.DEVNULL
        return subprocess.run(where, stdout=output, stderr=subprocess.DEVNULL, text=True, check=False)


@contextmanager
def machine(root: Path, group: Path) -> Iterator[Machine]:
    """A systemd that is the first process of namespaces of its own, in that root."""
    systemd = "env -i container=docker PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --unit=basic.target"
    boot = [
        f"mount --bind {root} {root}",
        *mounts(root),
        f"mount -t sysfs -o ro sysfs {root}/sys",
        f"mount -t cgroup2 cgroup2 {root}/sys/fs/cgroup",
        f"mount -t tmpfs tmpfs {root}/run",
        "ip link set lo up",
        f"mkdir -p {root}/before && cd {root} && pivot_root . before",
        f"exec chroot . sh -ec {shlex.quote(f'umount -l /before; mount --make-rshared /; exec {systemd}')}",
    ]
    spaces = ["--mount", "--pid", "--fork", "--kill-child", "--cgroup", "--uts", "--ipc", "--net"]
    alone = shlex.join(["unshare", *spaces, "sh", "-ec", "\n".join(boot)])
    started = subprocess.Popen(["sh", "-ec", f"echo $$ > {group}/cgroup.procs; exec {alone}"], stdin=subprocess.DEVNULL)
    try:
        children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
        expect("a systemd of its own", until(lambda: bool(children.read_text())))
        inside = Machine(int(children.read_text()))
        expect("it has started", until(lambda: inside("systemctl", "is-active", "basic.target")))
        yield inside
        inside("systemctl", "poweroff")
        started.wait(60)
    finally:
        started.kill()
        started.wait()


def prove(root: Path, inside: Machine) -> None:
    """What deploy/README.md promises of the unit."""

    def ready() -> bool:
        return inside("python3", "-c", READY)

    def stands(field: str) -> str:
        return inside.said("systemctl", "show", "--property", field, "--value", "waarmerk").strip()

    init = ["/opt/waarmerk/bin/waarmerk", "init", "--production"]
    expect("init as the service's user", inside("systemd-run", "--wait", "--quiet", *AS_THE_UNIT, *init))
    hook = next((root / "opt/waarmerk").glob("lib/python3*/site-packages")) / "planted.pth"
    hook.write_text("import os\n")
    expect("it does not start where a package left a .pth", not inside("systemctl", "start", "waarmerk"))
    hook.unlink()
    expect("it starts, after doctor", inside("systemctl", "restart", "waarmerk"))
    expect("it is ready", until(ready))
    noted = inside.said("journalctl", "--unit=waarmerk", "--boot", "--output=cat", "--no-pager")
    expect("it can read the credential that systemd gives it", "ok    log" in noted and "credential" not in noted)
    inside("systemctl", "kill", "--signal=KILL", "--kill-who=main", "waarmerk")
    expect("killed, it starts again by itself", until(lambda: stands("NRestarts") == "1" and ready()))
    expect("it stops", inside("systemctl", "stop", "waarmerk"))
    expect("in order", stands("Result") == "success")


if __name__ == "__main__":
    main()
