"""Describes the machine of a measurement: processors, memory, system, and the versions of all that was measured."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("basekeep", "duckdb", "polars", "chdb", "pandas", "pyspark", "zen-engine")


def machine() -> str:
    """One paragraph."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    parts = [f"{os.cpu_count()} cores ({_processor()})", f"{memory:.0f} GiB of memory", _system()]
    return f"{', '.join(parts)}; Python {platform.python_version()}, {', '.join([*_versions(), *_java()])}."


def _processor() -> str:
    with suppress(OSError):
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    with suppress(OSError):
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release().partition('-')[0]}"
    return platform.platform()


def _versions() -> list[str]:
    found = []
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found.append(f"{package} {version(package)}")
    return found


def _java() -> list[str]:
    if not shutil.which("java"):
        return []
    said = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "([^"]+)"', said)
    return [f"Java {found[1]}"] if found else []
