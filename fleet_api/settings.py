"""Every knob, with its unit and its default. Each is an environment variable `FLEET_…`."""

import re
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_FOR_A_FLEET = 1_000_000_000


class Seed(StrEnum):
    """What an empty database is filled with."""

    DEMO = "demo"
    BENCH = "bench"
    NONE = "none"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FLEET_", extra="ignore")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="TCP port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="Server processes; they share the port.")
    data_dir: Path = Field(Path(".fleet"), description="Where the embedded PostgreSQL and the signing key live.")
    database_url: str | None = Field(
        None,
        description="Any PostgreSQL ≥ 15 instead of the embedded one: postgresql://user:password@host/database, with "
        "sslmode and most else that libpq understands.",
    )
    database_direct_url: str | None = Field(
        None,
        description="The same database past a pooler in transaction mode, for what keeps its connection: migrations "
        "and events. docs/running.md.",
    )
    pg_bin: Path | None = Field(None, description="Directory of PostgreSQL's programs, instead of the wheel's.")
    metrics_token: str = Field(
        "",
        description="Bearer token for /metrics; without one, it is there only for who asks directly from this machine. "
        "docs/observing.md.",
    )
    trusted_proxies: str = Field(
        "", description="Addresses, by commas, of proxies whose X-Forwarded-For tells who asks; none by default."
    )
    allowed_origins: str = Field(
        "",
        description="Origins, by commas, of pages that may talk to us beside our own: https://app.example.com.",
    )
    connections: int = Field(
        10_000,
        ge=1,
        le=1_000_000,
        description="Open connections of each server process; then who keeps us waiting longest makes room, or 503.",
    )
    max_headers: int = Field(100, ge=10, le=10_000, description="Headers of a request.")
    max_header_bytes: int = Field(32_768, ge=1_024, le=1_048_576, description="Bytes of all headers of a request.")
    max_url_bytes: int = Field(8_192, ge=256, le=1_048_576, description="Bytes of a request's address.")
    max_body_bytes: int = Field(
        2_097_152, ge=1_024, le=1_073_741_824, description="Bytes of a request's body, once decompressed."
    )
    max_message_bytes: int = Field(
        262_144, ge=1_024, le=67_108_864, description="Bytes of a message on a WebSocket; more close it with 1009."
    )
    header_seconds: float = Field(10, gt=0, le=3_600, description="How long a request's headers may take to come.")
    body_seconds: float = Field(20, gt=0, le=3_600, description="How long a request's body may take to come.")
    read_seconds: float = Field(30, gt=0, le=3_600, description="How long a client may leave an answer unread.")
    init_seconds: float = Field(
        10,
        gt=0,
        le=3_600,
        description="How long a WebSocket may take to say connection_init; then 4408.",
    )
    idle_seconds: float = Field(
        65,
        gt=0,
        le=3_600,
        description="How long a connection may idle between requests; a proxy's should be shorter.",
    )
    max_json_depth: int = Field(
        100, ge=4, le=1000, description="Levels of objects and lists in the JSON of a request or message."
    )
    operations: Path | None = Field(
        None, description="File of registered documents, which `fleet-api operations add` writes. docs/http.md."
    )
    operations_only: bool = Field(False, description="Whether nothing but registered documents runs.")
    operations_automatic: bool | None = Field(
        None,
        description="Whether documents that come with their hash are kept for the next time, for development; "
        "by default in the demo only.",
    )
    pool_size: int = Field(
        16,
        ge=1,
        le=200,
        description="Database connections of each server process, beside three for itself; five of eight read.",
    )
    seed: Seed = Field(Seed.DEMO, description="What to fill an empty database with: demo, bench or none.")
    jwt_issuer: str = Field("https://fleet-api.local", description="The `iss` that a token must carry.")
    jwt_audience: str = Field("fleet-api", description="The `aud` that a token must carry.")
    jwt_keys_file: Path | None = Field(
        None, description="PEM or JWKS file of public keys that are trusted beside our own; read again when it changes."
    )
    jwt_jwks_url: str | None = Field(
        None, description="JWKS address of your identity provider; keys rotate by themselves."
    )
    signing_key_file: Path | None = Field(
        None,
        description="Ed25519 private key (PEM) that signs drivers' sessions; must be there when named; made in the "
        "data directory by default.",
    )
    telemetry_retention_days: int = Field(90, ge=1, le=3650, description="Days of telemetry history to keep.")
    event_retention_days: int = Field(
        14, ge=1, le=3650, description="Days of events to keep: how long a phone may be away and miss nothing."
    )
    audit_retention_days: int = Field(
        400, ge=1, le=3650, description="Days of the audit trail to keep: who did what to which thing."
    )
    events_relay: str | None = Field(
        None,
        description="NATS that carries events between API processes, instead of each reading PostgreSQL: "
        "nats://[token@]host:4222, or several by commas. docs/live-relay.md.",
    )
    max_document_bytes: int = Field(65_536, ge=100, description="Largest GraphQL document.")
    max_tokens: int = Field(2_000, ge=10, description="Most tokens of a document.")
    max_aliases: int = Field(
        15, ge=0, description="Most aliases of a document, and how often one field may stand in one selection."
    )
    max_directives: int = Field(50, ge=0, description="Most directives of a document.")
    max_depth: int = Field(12, ge=1, description="How many fields deep an operation may nest.")
    max_cost: int = Field(5_000, ge=1, description="What one operation may cost: the objects that it may read.")
    max_values: int = Field(100_000, ge=1, description="Most values (leaves) that an answer may hold.")
    operation_seconds: float = Field(
        10, gt=0, le=300, description="Seconds that an operation may take; then it is cancelled, in PostgreSQL too."
    )
    operations_running: int = Field(
        32, ge=1, description="Operations that one process works on at a time; more wait for their turn."
    )
    operations_at_once: int = Field(200, ge=1, description="Operations under way that one principal may have.")
    sockets_at_once: int = Field(100, ge=1, description="Sockets and event streams that one principal may have open.")
    subscriptions_per_socket: int = Field(100, ge=1, description="Operations that one socket may run.")
    budget: int = Field(50_000, ge=1, description="Cost that one principal may spend at once; strangers by address.")
    budget_refill: int = Field(1_000, ge=1, description="How much of the budget comes back each second.")
    budget_store: str | None = Field(
        None,
        description="Redis or Valkey that keeps the budgets for all processes, instead of each its own: "
        "redis://[:password@]host:6379/0.",
    )
    introspection: bool | None = Field(
        None, description="Whether strangers may introspect the schema; by default only in the demo. Staff always may."
    )
    graphiql: bool | None = Field(
        None, description="Whether to serve GraphiQL, at /graphiql and to browsers at /graphql; in the demo by default."
    )
    shutdown_seconds: int = Field(10, ge=1, le=300, description="How long a stop waits for requests under way.")

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: str) -> str:
        if not all(re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/\s*]+|", name.strip(), re.I) for name in origins.split(",")):
            raise ValueError("an origin is a scheme, a host and perhaps a port: https://app.example.com")
        return origins

    @field_validator("operations_only")
    @classmethod
    def _has_operations(cls, only: bool, info: ValidationInfo) -> bool:
        if only and not info.data.get("operations"):
            raise ValueError("without FLEET_OPERATIONS nothing could be asked")
        return only

    @field_validator("operations_automatic")
    @classmethod
    def _may_keep_operations(cls, automatic: bool | None, info: ValidationInfo) -> bool | None:
        if automatic and info.data.get("operations_only"):
            raise ValueError("nothing is kept while FLEET_OPERATIONS_ONLY lets nothing else run")
        return automatic

    @field_validator("budget_store")
    @classmethod
    def _is_a_store(cls, address: str | None) -> str | None:
        if not address:
            return None
        if not re.fullmatch(r"(redis|rediss|valkey|valkeys)://\S+", address):
            raise ValueError("no address of Redis or Valkey: redis://[:password@]host:6379/0")
        return address

    @model_validator(mode="after")
    def _can_be_afforded(self) -> Self:
        if self.budget < self.max_cost:
            raise ValueError("FLEET_BUDGET must be at least FLEET_MAX_COST, or what is allowed could never be paid")
        return self

    @field_validator("signing_key_file")
    @classmethod
    def _is_there(cls, path: Path | None) -> Path | None:
        """A key that was made where somebody mistyped a name would end every session, and none would know why."""
        if path is not None and not path.exists():
            raise ValueError(f"{path} is not there; make it with `openssl genpkey -algorithm ed25519 -out {path}`")
        return path

    @field_validator("events_relay")
    @classmethod
    def _can_be_used(cls, addresses: str | None) -> str | None:
        """Whatever it refuses, it does not repeat: the address may hold a password."""
        if not addresses:
            return None
        if not all(re.fullmatch(r"(nats|tls)://\S+", address) for address in addresses.split(",")):
            raise ValueError("no address of NATS: nats://[token@]host:4222")
        if find_spec("nats") is None:
            raise ValueError("NATS needs the extra `relay`: pip install 'fleet-api[relay]'")
        return addresses

    @property
    def is_demo(self) -> bool:
        """On a database of our own, with people whom we made up: strangers may look around."""
        return self.seed is Seed.DEMO and not self.database_url

    @property
    def keeps_operations(self) -> bool:
        if self.operations_automatic is None:
            return self.is_demo and not self.operations_only
        return self.operations_automatic

    @property
    def serves_graphiql(self) -> bool:
        return self.is_demo if self.graphiql is None else self.graphiql

    @property
    def has_open_schema(self) -> bool:
        return self.is_demo if self.introspection is None else self.introspection

    def most_for_one(self, limit: int) -> int:
        """Of a principal; one who measures on the bench seed is a whole fleet of clients."""
        return _FOR_A_FLEET if self.seed is Seed.BENCH else limit

    @property
    def key_file(self) -> Path:
        return self.signing_key_file or self.data_dir / "signing-key.pem"
