"""What another user of the system may reach, read from the mode bits."""

import stat
from pathlib import Path

from hone.core.launcher import SystemUser


def barrier(path: Path, user: SystemUser) -> Path | None:
    """Return the first part of an absolute path that `user` may not enter (or run), if any."""
    for part in (*reversed(path.parents), path):
        if not _may_enter(part, user):
            return part
    return None


def _may_enter(path: Path, user: SystemUser) -> bool:
    status = path.stat()
    if status.st_uid == user.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
