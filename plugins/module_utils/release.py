"""A folder of files that readers see change all at once: each state is a release, and a link says which is in force.

A release is named by what is in it. Files that are as before are the former release's own, so their times, by which
browsers ask whether something is new, stay as well.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import secrets
import shutil
import tarfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from .files import blamed, point, sync_file_system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CURRENT = "current"
_RELEASES = "releases"


def digest(files: Mapping[str, bytes]) -> str:
    """Return the name of the release that holds these files."""
    found = hashlib.sha256()
    for path, content in sorted(files.items()):
        found.update(f"{len(path)} {path} {len(content)} ".encode() + content)
    return found.hexdigest()[:32]


def current(root: Path) -> str:
    """Return the name of the release in force; empty if there is none."""
    link = root / CURRENT
    return link.resolve().name if link.is_symlink() and link.exists() else ""


def differing(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return the paths at which these files differ from the release in force."""
    before = root / _RELEASES / current(root) if current(root) else None
    changed = [path for path, content in files.items() if before is None or not _says(before / path, content)]
    return sorted((*changed, *_gone(before, files)))


def put(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Make a release of files and put it in force; return the paths that differ from the former one.

    Until the last step readers have the former release whole, and after a crash too. Raises ValueError for a path that
    leads elsewhere.
    """
    for path in files:
        _refuse_outside(path)
    name, before = digest(files), root / _RELEASES / current(root) if current(root) else None
    if before is not None and before.name == name:
        return []
    part = root / _RELEASES / f".{secrets.token_hex(8)}"
    try:
        changed = [path for path, content in sorted(files.items()) if not _take_over(before, part, path, content)]
        sync_file_system(part)
        release = part.with_name(name)
        shutil.rmtree(release, ignore_errors=True)
        part.replace(release)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    point(root / CURRENT, f"{_RELEASES}/{name}")
    # Whoever is just reading the former one goes on.
    _tidy(root / _RELEASES, {name, before.name if before else name})
    return sorted((*changed, *_gone(before, files)))


def withdraw(root: Path) -> bool:
    """Take everything away from readers; say whether there was something."""
    there = (root / CURRENT).is_symlink()
    (root / CURRENT).unlink(missing_ok=True)
    shutil.rmtree(root / _RELEASES, ignore_errors=True)
    return there


def pack(files: Mapping[str, bytes]) -> bytes:
    """Give files as one archive, the same bytes for the same files."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def unpack(packed: bytes) -> dict[str, bytes]:
    """Undo ``pack``. Raises ValueError for an archive that holds anything but files."""
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isreg() else None
            if content is None:
                message = f"{member.name} in the archive is no file."
                raise ValueError(message)
            found[member.name] = content.read()
    return found


def _refuse_outside(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts:
        message = f"'{path}' is no path below a folder."
        raise ValueError(message)


def _take_over(before: Path | None, part: Path, path: str, content: bytes) -> bool:
    """Put one file into a release, the former one's own if it says the same; tell whether it does."""
    target = part / path
    _open_to_readers(target.parent)
    with blamed(target):
        if before is not None and _says(before / path, content):
            target.hardlink_to(before / path)
            return True
        target.write_bytes(content)
        target.chmod(0o644)
    return False


def _open_to_readers(folder: Path) -> None:
    """Make a folder, and those above it, that everybody may enter whatever the umask."""
    if not folder.is_dir():
        _open_to_readers(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def _says(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _gone(release: Path | None, files: Mapping[str, bytes]) -> list[str]:
    there = (path for path in release.rglob("*") if path.is_file()) if release else ()
    return [name for path in there if (name := path.relative_to(release or path).as_posix()) not in files]


def _tidy(releases: Path, kept: set[str]) -> None:
    """Remove what is neither in force nor was before, parts of runs that were stopped among it."""
    for path in releases.iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
