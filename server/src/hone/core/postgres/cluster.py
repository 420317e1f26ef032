"""A database cluster on disk: its folders, its owner, how it is made and configured."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from hone.core import launcher
from hone.core.errors import AppError
from hone.core.instance import open_data_dir
from hone.core.launcher import SystemUser
from hone.core.postgres import credentials, programs
from hone.core.postgres.access import barrier

_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""Nothing of ours: PostgreSQL's user could read our secrets in it."""

_SUN_PATH_MAX = 107
_SOCKET_NAME = ".s.PGSQL.5432"

_HBA = "# Written by Hone at every start.\nlocal all all scram-sha-256\n"

_CONFIGURATION = """\
# Written by Hone at every start. Put settings of your own into local.conf beside this file.
shared_buffers = 64MB
max_connections = 100
max_wal_size = 1GB
jit = off
io_method = sync                    # three processes less; one machine's cache is warm
max_logical_replication_workers = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
log_error_verbosity = terse         # details and statements may hold personal data
log_min_error_statement = panic
include_if_exists = 'local.conf'
listen_addresses = ''
port = 5432
unix_socket_directories = {socket}
unix_socket_permissions = 0700
hba_file = {hba}
password_encryption = 'scram-sha-256'
"""


class FolderClosed(AppError):
    """PostgreSQL's user cannot enter a folder above its data."""

    code = "folder_closed"


class SystemUserMissing(AppError):
    """There is no system user to run PostgreSQL as."""

    code = "system_user_missing"


class InitialisationFailed(AppError):
    """The database could not be initialised."""

    code = "initialisation_failed"


class Cluster:
    """The files of one embedded PostgreSQL."""

    def __init__(self, data_dir: Path, user: str | None) -> None:
        self.data_dir = data_dir.resolve()
        self.folder = self.data_dir / "postgres"
        self.data = self.folder / "data"
        self.credentials = self.folder / "credentials.json"
        self.configuration = self.folder / "postgresql.conf"
        self.log = self.data_dir / "logs" / "postgres.log"
        self._wanted_user = user
        self._short_socket = self.folder / "socket.path"

    @property
    def user(self) -> SystemUser | None:
        """Return whom PostgreSQL runs as; None where that is the present user."""
        if os.geteuid() != 0:
            return None
        if self._wanted_user is None and self.data.exists():
            return _by_uid(self.data.stat().st_uid)
        return _by_name(*([self._wanted_user] if self._wanted_user else ["postgres", "nobody"]))

    @property
    def initialised(self) -> bool:
        """Say whether the cluster exists; it appears in one rename when it is complete."""
        return self.data.exists()

    @property
    def socket_folder(self) -> Path:
        """Return the folder of the socket: beside the data, or a short one recorded there.

        The kernel takes 107 bytes, and libpq takes a comma for the end of a host.
        """
        if self._short_socket.exists():
            return Path(self._short_socket.read_text(encoding="utf-8"))
        return self.folder / "socket"

    def prepare(self) -> None:
        """Make everything that a start needs: folders, passwords, data, configuration."""
        open_data_dir(self.data_dir)
        user = self.user
        if user and (closed := barrier(self.data_dir, user)):
            raise FolderClosed(
                f"PostgreSQL runs as the user {user.name}, who cannot enter {closed}. Choose "
                "--data-dir in a folder that others may enter, such as /var/lib/hone, or run "
                f"`chmod o+x {closed}`."
            )
        _make_folder(self.folder, 0o711 if user else 0o700)
        _make_folder(self.log.parent, 0o700)
        if not self.initialised:
            self._initialise(user)
        self._open_socket_folder(user)
        self._configure()

    def program(self, name: str) -> Path:
        """Return a program that PostgreSQL's user can run."""
        return programs.usable_by(self.user, self.folder / "programs") / "bin" / name

    def environment(self) -> dict[str, str]:
        """Return the environment of PostgreSQL's processes."""
        return dict(_ENVIRONMENT)

    def close(self) -> None:
        """Remove a short socket folder."""
        if self._short_socket.exists():
            shutil.rmtree(self.socket_folder, ignore_errors=True)
            self._short_socket.unlink()

    def _initialise(self, user: SystemUser | None) -> None:
        """Run initdb in a folder of its own, which becomes `data` when it is whole."""
        for left in self.folder.glob("initialise-*"):
            shutil.rmtree(left)
        credentials.ensure(self.credentials)
        made = Path(tempfile.mkdtemp(prefix="initialise-", dir=self.folder))
        secret = made / "password"
        secret.touch(0o600)
        secret.write_text(credentials.password(self.credentials, credentials.SUPERUSER))
        _give(made, user)
        _give(secret, user)
        self._run_initdb(made / "data", secret, user)
        (made / "data").rename(self.data)
        shutil.rmtree(made)

    def _run_initdb(self, data: Path, secret: Path, user: SystemUser | None) -> None:
        arguments = [
            f"--pgdata={data}",
            f"--username={credentials.SUPERUSER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-locale",
            "--data-checksums",
            "--no-instructions",
        ]
        command = launcher.command(
            self.program("initdb"), arguments, death_signal=signal.SIGKILL, user=user
        )
        done = subprocess.run(
            command, cwd="/", env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise InitialisationFailed(f"PostgreSQL could not be initialised: {said}")

    def _open_socket_folder(self, user: SystemUser | None) -> None:
        usual = self.folder / "socket"
        if len(os.fsencode(usual / _SOCKET_NAME)) <= _SUN_PATH_MAX and "," not in str(usual):
            _make_folder(usual, 0o700)
            _give(usual, user)
            return
        uid = user.uid if user else os.geteuid()
        if self._short_socket.exists() and _is_private(self.socket_folder, uid):
            return
        made = _short_folder()
        self._short_socket.write_text(str(made), encoding="utf-8")
        _give(made, user)

    def _configure(self) -> None:
        hba = self.folder / "pg_hba.conf"
        hba.write_text(_HBA, encoding="utf-8")
        # The setting is a list of paths: quoted once as an element, once as a string.
        element = '"' + str(self.socket_folder).replace('"', '""') + '"'
        text = _CONFIGURATION.format(socket=_quoted(element), hba=_quoted(str(hba)))
        self.configuration.write_text(text, encoding="utf-8")
        for path in (hba, self.configuration):
            path.chmod(0o644)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _by_name(*names: str) -> SystemUser:
    for name in names:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise SystemUserMissing(
        f"PostgreSQL refuses to run as root, and there is no other user named {' or '.join(names)}. "
        "Name one in HONE_DATABASE__USER."
    )


def _by_uid(uid: int) -> SystemUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise SystemUserMissing(
            f"The user with uid {uid}, who owns the database, has no entry in /etc/passwd."
        ) from error
    return _by_name(entry.pw_name)


def _make_folder(path: Path, mode: int) -> None:
    path.mkdir(exist_ok=True)
    path.chmod(mode)


def _give(path: Path, user: SystemUser | None) -> None:
    if user:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)


def _is_private(folder: Path, uid: int) -> bool:
    """Say whether a folder is still the one we made; /tmp may have been cleaned since."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    status = folder.stat()
    return status.st_uid == uid and status.st_mode & 0o777 == 0o700


def _short_folder() -> Path:
    """Make a private folder with a short path; as root in /run, which others may enter."""
    personal = Path("/run") if os.geteuid() == 0 else Path(f"/run/user/{os.geteuid()}")
    parent = personal if os.access(personal, os.W_OK | os.X_OK) else Path("/tmp")
    return Path(tempfile.mkdtemp(prefix="hone-", dir=parent))
