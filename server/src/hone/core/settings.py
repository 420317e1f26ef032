"""Process settings: the only reader of the environment.

Operators' choices (providers, routes, prices, limits) are rows in the database, not settings.
A setting is `HONE_<GROUP>__<NAME>`, or `HONE_DATA_DIR`.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from hone.core.errors import AppError


class SettingMissing(AppError):
    """A setting that this command needs is not set."""

    code = "setting_missing"


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _split(value: object) -> object:
    """Read a list as operators write one: with commas."""
    if isinstance(value, str):
        return tuple(each.strip() for each in value.split(",") if each.strip())
    return value


def _network(value: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is no address and no network such as 10.0.0.0/8") from error


def _origin(value: str) -> str:
    """Take one exact origin as browsers send it; a wildcard would let every site in."""
    if re.fullmatch(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?", value) is None:
        raise ValueError(f"{value!r} is no origin such as https://app.example.com")
    return value


def _host(value: str) -> str:
    """Take a host name without a port; `*.` in front stands for every name below."""
    if re.fullmatch(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]+", value) is None:
        raise ValueError(f"{value!r} is no host name such as hone.example.com")
    return value


Item = TypeVar("Item")
Listed = Annotated[tuple[Item, ...], NoDecode, BeforeValidator(_split)]
NetworkRead = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]


class Server(_Group):
    """The listening side."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(
        default=8700, ge=0, le=65535, description="Port to listen on; 0 takes a free one."
    )
    public_url: str | None = Field(
        default=None,
        description="Where people reach the dashboard, for links; absent: the address served on.",
    )
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        le=256,
        description="Server processes that share the port.",
    )
    max_body_bytes: int = Field(
        default=32 << 20, ge=1024, description="Largest request body, in bytes."
    )
    max_upload_bytes: int = Field(
        default=200 << 20, ge=1024, description="Largest file at /v1/files, in bytes."
    )
    max_header_bytes: int = Field(
        default=64 << 10, ge=1024, description="Largest request head, in bytes."
    )
    header_timeout: float = Field(
        default=10.0, gt=0, description="Seconds a client has to send a whole request head."
    )
    body_timeout: float = Field(
        default=30.0, gt=0, description="Seconds a client may pause while it sends a body."
    )
    max_concurrency: int = Field(
        default=2048,
        ge=1,
        description="Gateway requests in progress per process; more are answered 503.",
    )
    max_inflight_bytes: int = Field(
        default=512 << 20, ge=1 << 20, description="Request bytes held in memory per process."
    )
    shutdown_timeout: float = Field(
        default=20.0, ge=0, description="Seconds that open requests get to finish on SIGTERM."
    )
    trusted_proxies: Listed[NetworkRead] = Field(
        default=(),
        description="Addresses or networks whose X-Forwarded-* and Forwarded headers are believed.",
    )
    cors_origins: Listed[Annotated[str, AfterValidator(_origin)]] = Field(
        default=(), description="Other web sites whose pages may call /api and /v1 with a key."
    )
    allowed_hosts: Listed[Annotated[str, AfterValidator(_host)]] = Field(
        default=(),
        description="Host names Hone answers to; absent: any, or this machine's on loopback.",
    )
    tls_certificate: Path | None = Field(
        default=None, description="PEM file of the certificate chain; with it Hone speaks https."
    )
    tls_key: Path | None = Field(default=None, description="PEM file of the certificate's key.")

    @model_validator(mode="after")
    def _both_or_none(self) -> "Server":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key are set together or not at all")
        return self

    @property
    def scheme(self) -> Literal["http", "https"]:
        """Return what is spoken on the port."""
        return "http" if self.tls_certificate is None else "https"


class Database(_Group):
    """PostgreSQL; without a URL Hone runs its own."""

    url: SecretStr | None = Field(
        default=None, description="URL of the restricted role (hone_app)."
    )
    owner_url: SecretStr | None = Field(
        default=None, description="URL of the owning role (hone_owner)."
    )
    pool_size: int = Field(default=8, ge=1, description="Connections per process.")
    port: int = Field(
        default=0, ge=0, le=65535, description="Unused TCP port; 0 means socket only."
    )
    user: str | None = Field(
        default=None,
        description="System user of the embedded PostgreSQL when Hone is started as root.",
    )


class Spool(_Group):
    """The durable log between gateway and database."""

    fsync: Literal["off", "group"] = Field(
        default="off", description="off survives a killed process; group also a power cut."
    )
    segment_bytes: int = Field(
        default=16 << 20, ge=1 << 20, description="Size of one preallocated segment."
    )
    poll_interval: float = Field(
        default=0.1, gt=0, description="Seconds between looks of the drain."
    )


class Storage(_Group):
    """Files: datasets, models, artifacts."""

    url: str | None = Field(
        default=None,
        description="file://, s3://, gs:// or az://; absent: a folder in the data directory.",
    )


class Batches(_Group):
    """Batches, which a worker runs."""

    running: int = Field(default=4, ge=1, le=64, description="Batches in progress per worker.")
    lines: int = Field(
        default=16, ge=1, le=512, description="Lines of one batch that are asked at a time."
    )


class Security(_Group):
    """Keys and outward reach."""

    master_key: SecretStr | None = Field(
        default=None,
        description="32 bytes in base64; absent: made at first start in the data directory.",
    )
    previous_master_key: SecretStr | None = Field(
        default=None, description="The key before, while `hone keys rotate` re-wraps the data keys."
    )
    private_upstreams: bool = Field(
        default=False,
        description="Allow providers on loopback and private addresses through the API.",
    )


class Mail(_Group):
    """Outgoing e-mail; without a host there is none."""

    host: str | None = Field(default=None, description="SMTP server.")
    port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    sender: str = Field(default="hone@localhost", description="Address that e-mails come from.")
    user: str | None = Field(default=None, description="Name to sign in to it with, if any.")
    password: SecretStr | None = Field(default=None, description="Password to sign in with.")
    tls: Literal["starttls", "implicit", "off"] = Field(
        default="starttls", description="How the connection is made private."
    )


class Trainer(_Group):
    """What learns, as a program of its own."""

    python: Path | None = Field(
        default=None,
        description="Python that has hone_trainer; absent: .venv-trainer of the checkout.",
    )


class Predictor(_Group):
    """What serves trained models."""

    url: str | None = Field(
        default=None,
        description="Where `hone predict` runs, such as http://predictor:8710; absent: `hone up`"
        " runs one of its own.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `hone predict` listens on.")
    port: int = Field(default=8710, ge=0, le=65535, description="Its port; 0 takes a free one.")
    memory_bytes: int = Field(
        default=1 << 30,
        ge=1 << 20,
        description="Files of models that are held in memory; those asked least recently go first.",
    )
    queue: int = Field(
        default=1024, ge=1, description="Texts that wait for one model; more are answered 503."
    )


class Training(_Group):
    """What training may take of a machine, and what that costs."""

    cpu: float | None = Field(
        default=None, gt=0, description="Cores that runs share; absent: all of the machine."
    )
    memory_gb: float | None = Field(
        default=None, gt=0, description="Memory that runs share; absent: three quarters of it."
    )
    gpus: int | None = Field(
        default=None, ge=0, description="GPUs that runs share; absent: those that are found."
    )
    executor: Literal["local", "ray"] = Field(
        default="local", description="Where runs are carried out: here, or on a Ray cluster."
    )
    ray_address: str | None = Field(
        default=None, description="Ray's head, as http://head:8265; needed with `ray`."
    )
    ray_token: SecretStr | None = Field(
        default=None, description="Token that the head asks for, if it does."
    )
    ray_python: str | None = Field(
        default=None,
        description="Python with hone_trainer on the cluster; absent: where it is here.",
    )
    mlflow_url: str | None = Field(
        default=None, description="MLflow tracking server that is told of runs."
    )
    mlflow_token: SecretStr | None = Field(default=None, description="Token that it asks for.")
    wandb_key: SecretStr | None = Field(
        default=None, description="API key of Weights & Biases, which then is told of runs."
    )
    wandb_url: str | None = Field(
        default=None, description="Its server; absent: https://api.wandb.ai."
    )
    wandb_entity: str | None = Field(default=None, description="Whose the runs are there.")
    wandb_offline: bool = Field(
        default=False, description="Write runs for `wandb sync` instead of sending them."
    )
    wandb_python: Path | None = Field(
        default=None, description="Python that has wandb; absent: .venv-wandb of the checkout."
    )
    cpu_hour_usd: float = Field(default=0.0, ge=0, description="What an hour of a core costs.")
    gpu_hour_usd: float = Field(default=0.0, ge=0, description="What an hour of a GPU costs.")


class Bootstrap(_Group):
    """What the first start creates."""

    organization: str = Field(default="Default", description="Name of the first organization.")
    admin_email: str = Field(
        default="admin@localhost", description="E-mail of the first administrator."
    )
    admin_password: SecretStr | None = Field(
        default=None, description="Password of that administrator."
    )
    admin_key: SecretStr | None = Field(
        default=None, description="API key to create; absent: made and printed once."
    )


class Telemetry(_Group):
    """Logs and traces."""

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe message to log."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How a log line is written."
    )


def _default_data_dir() -> Path:
    """Choose a folder that survives; root's must be reachable by PostgreSQL's own user."""
    return Path("/var/lib/hone") if os.geteuid() == 0 else Path.home() / ".local/share/hone"


class Settings(BaseSettings):
    """All process settings, read once and passed on."""

    model_config = SettingsConfigDict(
        env_prefix="HONE_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    data_dir: Path = Field(
        default_factory=_default_data_dir, description="Folder of everything Hone keeps."
    )
    server: Server = Field(default_factory=Server)
    database: Database = Field(default_factory=Database)
    spool: Spool = Field(default_factory=Spool)
    storage: Storage = Field(default_factory=Storage)
    batches: Batches = Field(default_factory=Batches)
    security: Security = Field(default_factory=Security)
    mail: Mail = Field(default_factory=Mail)
    trainer: Trainer = Field(default_factory=Trainer)
    predictor: Predictor = Field(default_factory=Predictor)
    training: Training = Field(default_factory=Training)
    bootstrap: Bootstrap = Field(default_factory=Bootstrap)
    telemetry: Telemetry = Field(default_factory=Telemetry)

    def connected(self, app_url: str, owner_url: str) -> "Settings":
        """Return these settings with the database's addresses filled in."""
        database = self.database.model_copy(
            update={"url": SecretStr(app_url), "owner_url": SecretStr(owner_url)}
        )
        return self.model_copy(update={"database": database})

    @property
    def public_url(self) -> str:
        """Return where people reach the dashboard."""
        given = self.server.public_url
        return given.rstrip("/") if given else f"http://{self.server.host}:{self.server.port}"

    @property
    def app_url(self) -> str:
        """Return the URL of the restricted role; set it, or let `hone up` do so."""
        return _given(self.database.url, "HONE_DATABASE__URL")

    @property
    def owner_url(self) -> str:
        """Return the URL of the owning role; set it, or let `hone up` do so."""
        return _given(self.database.owner_url, "HONE_DATABASE__OWNER_URL")


def _given(value: SecretStr | None, name: str) -> str:
    if value is None:
        raise SettingMissing(f"Set {name}: this command runs no PostgreSQL of its own.")
    return value.get_secret_value()


def environment() -> Mapping[str, str]:
    """Return the environment, for what an operator names there: `env:NAME` in a declared file."""
    return dict(os.environ)
