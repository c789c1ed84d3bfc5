# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Prove the Dockerfile where no Docker is: take its own steps in a clean Debian root, then start what came of them.

`./dev prove-image`, as root, with debootstrap, util-linux and a way to the package registries. About five minutes; the Debian
root is kept in the folder and used again. What this does not prove: the base image itself (a Debian root with Debian's Python 3.11
in /usr/local stands in for it), layers, and Docker's own isolation (namespaces and mounts of this machine stand in for that).
"""

import argparse
import errno
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.dockerfile import BASE_PATH, Image, Step, context, image, steps, variables

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "Dockerfile"
PACKAGES = "ca-certificates,python3,python3-venv"
FROM_THIS_MACHINE = (
    *("/etc/hosts", "/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt", "/etc/pip.conf"),
    *map(str, sorted(Path("/etc/xdg/pip").glob("*"))),
)
"""How this machine reaches a package registry. Lent to a step while it runs, and in nothing that comes of it."""
READY_WITHIN = 60


def main() -> None:
    """Build, then start again inside namespaces of its own to serve."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="where the roots are made")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    if options.serve:
        serve(folder / "stages" / "image", image(DOCKERFILE))
        return
    if os.getuid() != 0:
        raise SystemExit("This needs root: it makes a root of its own, and enters it.")
    build(folder)
    alone = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "setpriv", "--no-new-privs"]
    raise SystemExit(
        subprocess.run(
            [*alone, sys.executable, "-m", "deploy.prove_image", "--serve", folder], cwd=ROOT, check=False
        ).returncode
    )


# -- building


def build(folder: Path) -> None:
    """Take every step of the Dockerfile; each stage ends up in a root of its own."""
    debian = folder / "debian"
    if not (debian / "usr/local/bin/pip").exists():
        debootstrap(debian)
    stages: dict[str, Path] = {}
    current, environment, place = debian, {"PATH": BASE_PATH}, "/"
    for step in steps(DOCKERFILE):
        match step.word:
            case "FROM":
                source, _, name = step.rest.partition(" AS ")
                current = fresh(stages.get(source, debian), folder / "stages" / (name or "image"))
                stages[name] = current
                environment, place = {"PATH": BASE_PATH}, "/"
            case "WORKDIR":
                place = step.rest
                (current / place.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "ENV":
                environment |= variables(step.rest, environment)
            case "COPY":
                copy(step, current, place, stages)
            case "RUN":
                run(step, current, place, environment)
            case _:
                continue
        say(f"{step.word} {step.rest[:90]}")


def debootstrap(root: Path) -> None:
    """A minimal Debian, whose /usr/local holds Python and pip as the official image's does."""
    say("making a Debian root (minutes)")
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", root], check=True, stdout=sys.stderr
    )
    subprocess.run(["chroot", root, "python3", "-m", "venv", "/usr/local"], check=True)


def fresh(source: Path, target: Path) -> Path:
    """A copy of this root, with all it says about owners and modes."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "--archive", source, target], check=True)
    return target


def copy(step: Step, root: Path, place: str, stages: Mapping[str, Path]) -> None:
    """COPY as Docker does it: a folder's content goes into the target, a file under its own name into what ends in a slash."""
    *names, last = step.rest.split()
    source = ROOT
    if names[0].startswith("--from="):
        source = stages[names.pop(0).removeprefix("--from=")]
    elif unknown := set(names) - set(context(ROOT / ".dockerignore")):
        raise SystemExit(f".dockerignore keeps out {sorted(unknown)}")
    target = root / place.lstrip("/") / last if not last.startswith("/") else root / last.lstrip("/")
    for name in names:
        origin = source / name.lstrip("/")
        if origin.is_dir():
            shutil.copytree(
                origin, target, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
                if source == ROOT else None,
            )  # fmt: skip
        else:
            shutil.copy2(origin, target / origin.name if last.endswith("/") else target)


def run(step: Step, root: Path, place: str, environment: Mapping[str, str]) -> None:
    """RUN in a shell of that root. Mounts live in a namespace of the step and are gone with it."""
    lent = [path for path in FROM_THIS_MACHINE if Path(path).exists()]
    made = [path for path in lent if not os.path.lexists(root / path.lstrip("/"))]
    for path in made:
        (root / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (root / path.lstrip("/")).touch()
    machine = os.environ.items()  # noqa: TID251  its way to a registry is lent, and nothing else of it
    pip = {name: value for name, value in machine if name.startswith("PIP_") or name.endswith("_proxy")}
    assign = [f"{name}={value}" for name, value in {**pip, **environment, "HOME": "/root"}.items()]
    inside = ["chroot", str(root), "env", "-i", *assign, "/bin/sh", "-ec", f"cd {shlex.quote(place)}\n{step.rest}"]
    script = "\n".join([f"mount --bind {path} {root}{path}" for path in lent] + mounts(root) + [shlex.join(inside)])
    try:
        subprocess.run(["unshare", "--mount", "--pid", "--fork", "sh", "-ec", script], check=True, stdout=sys.stderr)
    finally:
        for path in made:
            (root / path.lstrip("/")).unlink()


def mounts(root: Path) -> list[str]:
    """What every container has."""
    return [f"mount -t proc proc {root}/proc", f"mount --rbind /dev {root}/dev"]


# -- serving


def serve(root: Path, built: Image) -> None:
    """Init, doctor, serve and the health check, as the image says, on a root that cannot be written to."""
    home = built.settings["VOLUME"]
    user, group = map(int, built.settings["USER"].split(":"))
    entrypoint, command, health = (built.commands[word] for word in ("ENTRYPOINT", "CMD", "HEALTHCHECK"))
    furnish(root, home, user, group)
    environment = {
        **built.environment,
        "WAARMERK_PUBLIC_ADDRESS": "https://ai.example.org",
        "WAARMERK_POLICIES": "/etc/waarmerk/policies",
    }

    def inside() -> None:
        os.chroot(root)
        os.chdir(built.settings["WORKDIR"])
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)

    def start(*words: str, quiet: bool = False) -> subprocess.Popen[bytes]:
        unseen = subprocess.DEVNULL if quiet else None
        return subprocess.Popen(words, env=environment, preexec_fn=inside, stdout=unseen, stderr=unseen)  # noqa: PLW1509  one thread

    def healthy() -> bool:
        return start(*health, quiet=True).wait() == 0

    look_at_files(root)
    expect("init makes keys and database", start(*entrypoint, "init", "--production").wait() == 0)
    expect("doctor finds that it can serve", start(*entrypoint, "doctor").wait() == 0)
    expect("the health check fails while nothing serves", not healthy())
    serving = start(*entrypoint, *command)
    expect("the health check passes once it serves", until(healthy))
    look_at_process(serving.pid, user)
    (root / home.lstrip("/") / "http.py").write_text("raise SystemExit(3)\n")
    expect("a module in the volume is not run by the health check", healthy())
    serving.send_signal(signal.SIGTERM)
    expect("SIGTERM ends it in order", serving.wait(READY_WITHIN) == 0)
    expect("the health check fails afterwards", not healthy())
    say("Proved.")


def furnish(root: Path, home: str, user: int, group: int) -> None:
    """The mounts of a container: a root that is read only, /tmp, the volume, the policy; and no program but Python."""
    programs = root.parent / "programs"
    shutil.rmtree(programs, ignore_errors=True)
    programs.mkdir()
    shutil.copy2(root / "usr/bin/python3.11", programs)
    (programs / "python3").symlink_to("python3.11")
    (root / "etc/waarmerk/policies").mkdir(parents=True, exist_ok=True)
    script = [
        f"mount --bind {root} {root}",
        *mounts(root),
        f"mount -t tmpfs tmpfs {root}/tmp",  # noqa: S108  the image's own
        f"mount -t tmpfs -o mode=0700,uid={user},gid={group} tmpfs {root}{home}",
        f"mount --bind {ROOT}/policies/example {root}/etc/waarmerk/policies",
        f"mount -o remount,bind,ro {root}/etc/waarmerk/policies",
        f"mount --bind {programs} {root}/usr/bin",
        f"mount -t tmpfs -o ro tmpfs {root}/usr/sbin",
        f"mount -o remount,bind,ro {root}",
        "ip link set lo up",
    ]
    subprocess.run(["sh", "-ec", "\n".join(script)], check=True)


def look_at_files(root: Path) -> None:
    """What must not be there, and what must not be possible."""
    for folder in ("opt/waarmerk", "usr/local"):
        packages = {path.name.partition("-")[0] for path in (root / folder).glob("lib/python3*/site-packages/*")}
        expect(f"no installer in /{folder}", not packages & {"pip", "setuptools", "wheel"})
        hooks = [*(root / folder).rglob("*.pth"), *(root / folder).rglob("*customize*")]
        expect(f"nothing in /{folder} that runs when Python starts", not hooks)
    expect("no shell", not (root / "bin/sh").exists())
    expect("not even root can write to it", refused(root / "opt/waarmerk/planted", errno.EROFS))


def look_at_process(pid: int, user: int) -> None:
    """As the kernel sees it."""
    lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    status = {words[0]: words[1:] for words in lines if words}
    expect(f"it runs as user {user}", set(status["Uid:"]) == {str(user)})
    expect("it has no capability", all(int(status[f"Cap{kind}:"][0], 16) == 0 for kind in ("Prm", "Eff", "Inh", "Amb")))
    expect("it can get no new ones", status["NoNewPrivs:"] == ["1"])


def refused(path: Path, number: int) -> bool:
    """Whether writing here ends in this error."""
    try:
        path.touch()
    except OSError as error:
        return error.errno == number
    return False


def until(condition: Callable[[], bool]) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + READY_WITHIN
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def expect(what: str, holds: bool) -> None:  # noqa: FBT001  reads as a sentence
    """One line of the proof. Ends it when it does not hold."""
    say(f"{'ok  ' if holds else 'FAIL'}  {what}")
    if not holds:
        raise SystemExit(1)


def say(line: str) -> None:
    """To who waits."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
