"""Files written so that a reader sees the old one or the new one, never half."""

from __future__ import annotations

import os
from pathlib import Path


def unfinished(path: Path) -> Path:
    """Where a file is written before it has its name: hidden, beside it, of this process."""
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = unfinished(path)
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def write_durable(path: Path, content: bytes) -> None:
    """Write a file and flush it to the disk; it survives a power cut once its folder is flushed."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Flush a folder, so that a rename in it survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
