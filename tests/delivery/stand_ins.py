"""Stand-ins for the images that a Dockerfile begins with, made of what is on this machine.

That of Python has the interpreter that runs these tests, the few programs that the Dockerfile
calls, and no compiler; that of uv has the uv of these tests.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from uv import find_uv_bin

PROGRAMS = ("sh", "env", "install", "groupadd", "useradd", "mkdir", "cat", "chmod", "ls", "rm")
LIBRARIES = ("libgcc_s.so.1", "libstdc++.so.6", "libnss_files.so.2")
"""What packages are linked with, and `ldd` does not show of Python itself."""

FILES = ("/etc/passwd", "/etc/group", "/etc/login.defs", "/etc/ssl/certs/ca-certificates.crt")
LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "site-packages", "test", "tests", "config-*", "*.a"
)
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
ENVIRONMENT = "ENV PATH=/usr/local/bin:/usr/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt\n"


def make_python(root: Path) -> str:
    """Fill a folder with a system that has Python, and give its Dockerfile."""
    for folder in ("tmp", "root", "proc", "dev", "sys", "run", "usr/local/bin", "usr/local/lib"):
        (root / folder).mkdir(parents=True)
    stdlib = root / "usr/local/lib" / f"python{VERSION}"
    shutil.copytree(sysconfig.get_path("stdlib"), stdlib, ignore=LEFT_OUT)
    (stdlib / "site-packages").mkdir()
    binary = root / "usr/local/bin" / f"python{VERSION}"
    shutil.copy2(Path(sys._base_executable).resolve(), binary)  # type: ignore[attr-defined]
    for name in ("python", "python3"):
        binary.with_name(name).symlink_to(binary.name)
    programs = [Path(found).resolve() for name in PROGRAMS if (found := shutil.which(name))]
    for name, path in zip(PROGRAMS, programs, strict=True):
        _put(root, path, Path("/usr/bin") / name)
    (root / "bin").symlink_to("usr/bin")
    for library in needed([binary, *programs, Path(find_uv_bin()), *stdlib.rglob("*.so")]):
        _put(root, library, library)
    for file in FILES:
        if Path(file).exists():
            _put(root, Path(file), Path(file))
    return f"FROM scratch\nCOPY . /\n{ENVIRONMENT}"


def make_uv(root: Path) -> str:
    """Fill a folder with uv, and give its Dockerfile."""
    root.mkdir()
    shutil.copy2(find_uv_bin(), root / "uv")
    return "FROM scratch\nCOPY uv /uv\n"


def needed(binaries: Iterable[Path]) -> set[Path]:
    """The libraries that programs load, their loader among them."""
    words = ["ldd", *(str(binary) for binary in binaries)]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    known = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"(/\S+) \(0x", said)
    for name in LIBRARIES:
        found += re.findall(rf"\t{re.escape(name)} .*=> (/\S+)", known)[:1]
    return {Path(path) for path in found}


def _put(root: Path, source: Path, place: Path) -> None:
    target = root / place.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source.resolve(), target)
