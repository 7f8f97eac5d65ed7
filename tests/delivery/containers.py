"""Builds images with buildah, and runs their commands as Docker would, without its daemon."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

READ_ONLY = """set -e
root=$1; var=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for device in null urandom; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mount --bind "$var" "$root/app/var"
exec "$@"
"""
"""Mounts what `docker run --read-only --tmpfs /tmp --volume ...:/app/var` mounts."""


class Buildah:
    """Images in a folder of their own.

    Args:
        folder: Where they are.
    """

    def __init__(self, folder: Path) -> None:
        places = ["--root", str(folder / "root"), "--runroot", str(folder / "run")]
        self._command = ["buildah", *places, "--storage-driver", "overlay"]
        self._mounted = folder / "root/overlay"

    def run(self, *words: str) -> str:
        """Call it, and give what it prints."""
        ran = subprocess.run([*self._command, *words], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"buildah {' '.join(words)}\n{ran.stdout}{ran.stderr}"
        return ran.stdout.strip()

    def build(self, tag: str, folder: Path, dockerfile: Path) -> None:
        """Build an image of what is in a folder."""
        options = ["--isolation=chroot", "--format=docker", "--pull-never", "--layers=false"]
        self.run("build", *options, "--tag", tag, "--file", str(dockerfile), str(folder))

    def layers(self, tag: str, folder: Path) -> list[Path]:
        """Give an image's layers, the lowest first, as archives."""
        self.run("push", "--disable-compression", tag, f"dir:{folder}")
        manifest = json.loads((folder / "manifest.json").read_text())
        return [folder / one["digest"].removeprefix("sha256:") for one in manifest["layers"]]

    def config(self, tag: str) -> dict[str, Any]:
        """Give what an image says of itself."""
        inspected: dict[str, Any] = json.loads(self.run("inspect", "--type", "image", tag))
        found: dict[str, Any] = inspected["Docker"]["config"]
        return found

    @contextmanager
    def mounted(self, tag: str) -> Iterator[Path]:
        """Give the root of a new container."""
        container = self.run("from", "--pull-never", tag)
        yield Path(self.run("mount", container))
        self.run("umount", container)
        self.run("rm", container)

    def remove(self) -> None:
        """Leave nothing mounted."""
        self.run("rmi", "--all", "--force")
        subprocess.run(["umount", str(self._mounted)], check=False, capture_output=True)


@dataclass(frozen=True)
class Container:
    """An image's root, which nothing in it can change, and a volume for `var`."""

    root: Path
    config: dict[str, Any]
    volume: Path
    environment: dict[str, str]

    @cached_property
    def user(self) -> int:
        """Whose number the process has."""
        user, _ = self.config["User"].split(":")
        return int(user)

    def words(self, *command: str) -> list[str]:
        """Give the words that run a command, or the image's own, as its user."""
        user, group = self.config["User"].split(":")
        variables = [*self.config["Env"], *(f"{k}={v}" for k, v in self.environment.items())]
        place = ["--root", str(self.root), "--wd", self.config["WorkingDir"]]
        mounting = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh"]
        becoming = ["/usr/bin/unshare", *place, "--setgid", group, "--setuid", user, "--"]
        inside = ["/usr/bin/env", "-i", *variables, *becoming, *(command or self.config["Cmd"])]
        return [*mounting, str(self.root), str(self.volume), *inside]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(self.words(*command), capture_output=True, text=True, check=False)

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        """Start the image's own command."""
        with log.open("wb") as stream:
            return subprocess.Popen(self.words(), stdout=stream, stderr=stream)


def members(layer: Path) -> dict[str, bytes]:
    """The files in a layer."""
    with tarfile.open(layer) as archive:
        files = [one for one in archive if one.isfile()]
        return {one.name: archive.extractfile(one).read() for one in files}  # type: ignore[union-attr]
