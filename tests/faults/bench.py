"""A place to break things: a made mirror with a published release, and what must hold after."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from pipelines.base import settings as _settings
from pipelines.base.errors import OutlookError
from pipelines.refresh.run import RefreshResult, refresh
from pipelines.releases import store
from pipelines.sources import catalog

from . import mirror

FULL = catalog.load_catalog()
dataset_of = catalog.dataset_of


def narrow(monkeypatch, names: Iterable[str]) -> None:
    """Let the catalog hold these sources alone, so that a refresh takes milliseconds; an edition
    stands for its family."""
    entries = [FULL.get(name) or FULL[re.sub(r"(_[0-9]+)+$", "", name)] for name in names]
    kept = MappingProxyType({entry.id: entry for entry in entries})
    monkeypatch.setattr(catalog, "load_catalog", lambda: kept)


class Bench:
    """A mirror and a data folder.

    Parameters
    ----------
    folder : Path
        Holds both.
    names : sequence of str
        The sources that the mirror has.
    """

    def __init__(self, folder: Path, names: Iterable[str] = tuple(mirror.SOURCES)) -> None:
        self.folder, self.names = folder, tuple(names)
        self.mirror = folder / "mirror"
        self.settings = _settings.load(
            {"OUTLOOK_DATA": str(folder / "data"), "OUTLOOK_MIRROR": str(self.mirror)}
        )

    def fill(self) -> Bench:
        """Write the good files and publish a first release of them."""
        for name in self.names:
            self.put(name, mirror.encode(mirror.SOURCES[name]()))
        first = self.refresh()
        assert first.exit_code == 0, first.sentences
        return self

    def copy(self, folder: Path) -> Bench:
        """The same bench elsewhere."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return Bench(folder, self.names)

    def put(self, name: str, data: bytes) -> None:
        """Serve these bytes as the file of a source."""
        file = mirror.place(self.mirror, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def refresh(self, **options) -> RefreshResult:
        return refresh(self.settings, **options)

    @property
    def current(self) -> store.Release:
        """What a reader opens: the release behind the link, held against its digests."""
        found = store.open_release(self.settings.releases / "current")
        found.verify()
        return found

    def kept(self) -> dict[str, str]:
        """Digest of every file of every release and of every kept download."""
        return {
            str(file): hashlib.sha256(file.read_bytes()).hexdigest()
            for root in (self.settings.releases, self.settings.downloads)
            for file in root.rglob("*")
            if file.is_file()
            and not any(p.startswith(".") for p in file.relative_to(root).parts)
            and file.name != "index.json"
            and "current" not in file.relative_to(root).parts
        }

    def rubbish(self) -> list[str]:
        """Half-made files and folders."""
        roots = (self.settings.releases, self.settings.downloads)
        return [str(p) for root in roots for p in root.glob(".*")]


def lost(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Files that are gone or are not the bytes they were."""
    return [name for name, digest in before.items() if after.get(name) != digest]


def names_source(name: str, words: str) -> bool:
    """Whether a message says which source it is about."""
    dataset = dataset_of(name)
    file = mirror.place(Path(), name).name
    return any(
        part in words
        for part in (dataset.url, file, dataset.title, f"{name} (", f"({name}", f"{name}:")
    )


class Trip:
    """Counts the file operations below a folder and does something at the nth.

    Python reports every open, rename, removal and so on to an audit hook, whoever asks for it; a
    hook stays for the life of the process, so there is one, and it is at rest unless set.
    """

    _MAKES = ("os.rename", "os.mkdir", "os.symlink", "os.fsync")
    _EVENTS = (*_MAKES, "os.remove", "os.rmdir", "os.chmod", "os.truncate", "shutil.rmtree")

    def __init__(self) -> None:
        self.root: str | None = None
        self.count, self.at, self.makes_only = 0, 0, False
        self.act: Callable[[str], None] = lambda path: None
        self.seen: list[str] = []

    def hook(self, event: str, args: tuple) -> None:
        if self.root is None or (event != "open" and event not in self._EVENTS):
            return
        root, self.root = self.root, None  # what the hook itself opens does not count
        args = args[1:] if event == "os.symlink" else args
        try:
            path = self._path(args)
            makes = event in self._MAKES or (event == "open" and self._writes(args))
            if event == "os.mkdir" and os.path.isdir(path):
                makes = False  # the system would not have touched the disk
            if path.startswith(root) and (makes or not self.makes_only):
                self.count += 1
                self.seen.append(f"{event} {path.removeprefix(root)}")
                if self.count == self.at:
                    self.act(path)
        finally:
            self.root = root

    @staticmethod
    def _writes(args: tuple) -> bool:
        flags = args[2] if isinstance(args[2], int) else 0
        return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    @staticmethod
    def _path(args: tuple) -> str:
        path, folder = args[0], args[-1]
        if isinstance(path, int):
            return os.readlink(f"/proc/self/fd/{path}")
        path = os.fsdecode(path)
        if not path.startswith("/") and isinstance(folder, int) and folder > 2:
            path = f"{os.readlink(f'/proc/self/fd/{folder}')}/{path}"
        return path

    @contextmanager
    def set(self, root: Path, at: int = 0, act=None, makes_only: bool = False) -> Iterator[Trip]:
        if not self.seen and self.count == 0:
            sys.addaudithook(self.hook)
        self.count, self.at, self.act, self.makes_only = 0, at, act, makes_only
        self.seen = ["set"]
        self.root = str(root)
        sync = os.fsync  # flushing raises no audit event

        def fsync(handle: int) -> None:
            self.hook("os.fsync", (handle,))
            sync(handle)

        os.fsync = fsync
        try:
            yield self
        finally:
            self.root, os.fsync = None, sync


TRIP = Trip()


def outcome(run: Callable[[], RefreshResult]) -> tuple[int, str]:
    """Exit code and words of a refresh as the command line gives them."""
    try:
        result = run()
    except OutlookError as error:
        return error.exit_code, str(error)
    return result.exit_code, " ".join(result.sentences)


def in_child(work: Callable[[], tuple[int, str]], seconds: int = 120) -> Callable[[], tuple]:
    """Run ``work`` in a forked process.

    Returns
    -------
    callable
        Waits; then exit code and words, or minus the signal that ended it and "".
    """
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        signal.alarm(seconds)
        code = 99
        try:
            code, words = work()
            os.write(into, words.encode()[:60_000])
        except BaseException as error:
            os.write(into, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(code)
    os.close(into)

    def wait() -> tuple[int, str]:
        with os.fdopen(out, "rb") as pipe:
            words = pipe.read().decode()
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), words

    return wait
