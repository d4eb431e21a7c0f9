"""Which kind of disk a folder is on: local, over a network, or kept in step by a sync tool."""

from __future__ import annotations

import shutil
from pathlib import Path

#: A disk is nearly full with less than both of these free, in bytes and of its size: a board grows by some MB a month,
#: and what fills a disk is mostly a log, at MB a second (opsterm).
_FEW_BYTES, _SMALL_SHARE = 100_000_000, 0.1

#: Filesystems whose files another host may change: no events, no locks to trust. [nfs(5); sshfs; cifs]
NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "virtiofs",
        "vboxsf",
        "davfs",
        "afs",
        "ceph",
        "glusterfs",
        "ncpfs",
        "beegfs",
        "lustre",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.glusterfs",
        "fuse.ceph",
        "fuse.s3fs",
        "fuse.gcsfuse",
        "fuse.davfs2",
    ]
)

#: What sync tools leave in the folders that they keep in step.
_SYNC_MARKS = (".stfolder", ".dropbox", ".dropbox.cache", ".sync", ".owncloudsync.log", ".nextcloudsync.log")
_SYNC_NAMES = (
    "dropbox",
    "onedrive",
    "google drive",
    "googledrive",
    "nextcloud",
    "icloud drive",
    "mobile documents",
)


def mounted_at(path: Path, mountinfo: str) -> tuple[str, str]:
    """(mount point, filesystem type) of a path, by the text of Linux' /proc/self/mountinfo: the longest that fits."""
    best = ("", "")
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        parts = before.split()
        if len(parts) < 5 or not after:
            continue
        point = parts[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if path.is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, after.split()[0])
    return best


def filesystem_of(path: Path) -> str:
    """The filesystem's type in Linux' words; empty where it can't be told. Never touches the path itself."""
    absolute = path.absolute()
    if str(absolute).startswith("\\\\"):
        return "cifs"
    try:
        info = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return mounted_at(absolute, info)[1]


def is_network(filesystem: str) -> bool:
    """Whether files there are changed by other hosts without a sign."""
    return filesystem in NETWORK or filesystem.startswith("fuse.")


def synced_by(path: Path) -> str:
    """The folder above a path that a sync tool keeps in step, or nothing."""
    for folder in path.absolute().parents:
        named = folder.name.lower()
        if any(named == name or named.startswith(f"{name} -") for name in _SYNC_NAMES):
            return str(folder)
        if any((folder / mark).exists() for mark in _SYNC_MARKS):
            return str(folder)
    return ""


def last_bytes(path: Path) -> int | None:
    """How many bytes are free where a file lies, once they are few; nothing before that, and where it can't be told."""
    try:
        disk = shutil.disk_usage(path.parent)
    except OSError:
        return None
    return disk.free if disk.free < min(_FEW_BYTES, disk.total * _SMALL_SHARE) else None
