"""Every setting: its name, its default, and the reason of a number."""

from __future__ import annotations

import typing
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path


class Secret:
    """A value that must not be shown: its text is `***` wherever it is printed by mistake."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


# TCP has no higher one.
HIGHEST_PORT = 65535


@dataclass(frozen=True)
class ServerSettings:
    """The Python server."""

    host: str = "127.0.0.1"
    port: int = 7100
    # How Backstage, browsers and the command reach it.
    url: str = "http://localhost:7100"
    # Processes. One of them watches clusters for all; more serve more templates, builds and pages at the same time.
    workers: int = 1
    # Bytes. A packed workspace of a large service is a few MiB.
    body_limit: int = 32 * 1024 * 1024

    def __post_init__(self) -> None:
        if self.port > HIGHEST_PORT:
            raise ValueError(f"port must be at most {HIGHEST_PORT}")
        if self.workers < 1:
            raise ValueError("workers must be at least 1")


# Backstage asks as much of its own static tokens.
SHORTEST_TOKEN = 24


@dataclass(frozen=True)
class StaticToken:
    """A token for a caller without a Backstage session: the command, CI."""

    subject: str
    token: Secret

    def __post_init__(self) -> None:
        if len(self.token.reveal()) < SHORTEST_TOKEN:
            raise ValueError(f"token must have at least {SHORTEST_TOKEN} characters")


@dataclass(frozen=True)
class BackstageSettings:
    """The Backstage app that this server accompanies."""

    url: str = "http://localhost:3000"
    app_origins: tuple[str, ...] = ("http://localhost:3000",)
    # Whose plugin tokens are looked at: the subject picks the address of the keys before anything is proven.
    trusted_plugins: tuple[str, ...] = (
        "auth",
        "catalog",
        "scaffolder",
        "techdocs",
        "search",
        "app",
        "mcp-actions",
        "proxy",
        "permission",
    )
    static_tokens: tuple[StaticToken, ...] = ()
    # What the portal's `backend.auth.externalAccess` knows Greenroom by, for notifications. Empty: nobody is notified.
    token: Secret = Secret("")


@dataclass(frozen=True)
class StateSettings:
    """Where runs, registrations and workspaces are kept."""

    directory: Path = Path(".greenroom/state")
    # sqlite:///… for one server, postgresql://… when several share the work; empty means SQLite in `directory`.
    database: Secret = Secret("")

    def database_url(self) -> str:
        """The SQLAlchemy address of the state database."""
        return self.database.reveal() or f"sqlite:///{(self.directory / 'greenroom.sqlite').resolve()}"


@dataclass(frozen=True)
class LinkTemplate:
    """A link on each service's page; `{name}`, `{team}` and `{environment}` are filled in."""

    title: str
    url: str
    icon: str = "dashboard"


@dataclass(frozen=True)
class ClusterEntitiesSettings:
    """Which workloads that no document describes become entities; in patterns, `*` stands for anything."""

    enabled: bool = True
    namespaces: tuple[str, ...] = ("*",)
    # What belongs to clusters and operators themselves.
    exclude_namespaces: tuple[str, ...] = (
        "kube-*",
        "*-system",
        "cert-manager",
        "external-secrets",
        "monitoring",
        "argocd",
    )
    # Whose a workload is that names nobody.
    default_owner: str = "group:default/unowned"


@dataclass(frozen=True)
class CatalogSettings:
    """Where catalog entities come from."""

    organisation: Path | None = None
    golden_paths: Path | None = None
    # Folders that hold a service.yaml or a catalog-info.yaml.
    folders: tuple[Path, ...] = ()
    # Whether each repository of the Git host is looked into for a service document.
    repositories: bool = True
    # The Backstage namespace that entities are put into.
    namespace: str = "default"
    links: tuple[LinkTemplate, ...] = ()
    clusters: ClusterEntitiesSettings = field(default_factory=ClusterEntitiesSettings)
    # Seconds between looks at folders and local repositories; a look at an unchanged one costs under a millisecond.
    poll_seconds: float = 1.0


@dataclass(frozen=True)
class GitSettings:
    """Where repositories live."""

    host: typing.Literal["local", "github"] = "local"
    # For `local`: the folder of bare repositories, and the address they are served at.
    directory: Path = Path(".greenroom/git")
    url: str = "http://localhost:7114"
    # For `github`: the organisation, its API and a token with rights on repositories.
    organisation: str = ""
    api_url: str = "https://api.github.com"
    token: Secret = Secret("")
    # Seconds between looks at GitHub; an authenticated caller has 5,000 requests an hour.
    poll_seconds: float = 30.0


@dataclass(frozen=True)
class ClusterSettings:
    """A Kubernetes cluster that an environment runs in, or several, each in namespaces of its own."""

    name: str
    environment: str
    # Empty: the account of the pod that this runs in.
    kubeconfig: Path | None = None
    context: str = ""
    simulated: bool = False
    # Namespaces of other environments: the first pattern that fits says which, and `*` stands for anything. It is for what is
    # looked at; what is deployed goes to the clusters of an `environment`.
    environments: typing.Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def all_environments(self) -> tuple[str, ...]:
        """All that run in it, its own first."""
        return tuple(dict.fromkeys((self.environment, *self.environments.values())))

    def environment_of(self, namespace: str) -> str:
        """The environment of what runs in `namespace`; what is in none is of the cluster's own."""
        return next(
            (name for each, name in self.environments.items() if fnmatchcase(namespace, each)), self.environment
        )


@dataclass(frozen=True)
class HealthSettings:
    """How health is judged, kept and told."""

    # A folder of rules (*.yaml) for kinds that Greenroom has none for; they win over its own.
    rules: Path | None = None
    # Argo CD's health scripts: a folder laid out like its resource_customizations, or the argocd-cm ConfigMap in a file.
    scripts: Path | None = None
    # Kinds that are watched beside those that have a rule, and kinds that are not, as RBAC names them: `certificates.cert-manager.io`.
    watched: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    # Days for which transitions are kept: a month shows what last week's release did.
    history_days: int = 30
    # Where owners are notified, and after how many seconds of being Degraded: what mends itself wakes nobody.
    notify_environments: tuple[str, ...] = ("production",)
    notify_after_seconds: float = 300.0


@dataclass(frozen=True)
class DocsSettings:
    """Where built documentation is published, in the layout that Backstage's TechDocs reads."""

    publisher: typing.Literal["local", "s3"] = "local"
    directory: Path = Path(".greenroom/docs")
    bucket: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class AwsSettings:
    """AWS, or what speaks its API. Credentials come from the standard chain of boto3."""

    region: str = "eu-west-1"
    endpoint: str = ""
    # The bucket that keeps what services held when they went; empty for `greenroom-archive-{account}-{region}`.
    archive_bucket: str = ""


@dataclass(frozen=True)
class VaultSettings:
    """Vault or OpenBao."""

    address: str = ""
    token_file: Path | None = None


@dataclass(frozen=True)
class PostgresSettings:
    """The shared PostgreSQL server that databases are made on."""

    url: Secret = Secret("")


@dataclass(frozen=True)
class PlatformSettings:
    """What the platform team decides for every service."""

    api_group: str = "platform.company.com"
    image_registry: str = "registry.localhost"
    # A folder of releases in place of those that Greenroom carries.
    releases: Path | None = None
    # Host names of services end with these; other environments than production put theirs in front.
    public_domain: str = "example.com"
    internal_domain: str = "internal.example.com"
    # The Gateways that routes are attached to are called `public` and `internal`, in this namespace.
    gateway_namespace: str = "gateways"
    # cert-manager's ClusterIssuer, and External Secrets' ClusterSecretStore.
    cluster_issuer: str = "letsencrypt"
    secret_store: str = "vault"  # noqa: S105  a name, not a secret
    # Where Prometheus runs, which scrapes services; and where traces and logs are sent.
    monitoring_namespace: str = "monitoring"
    telemetry_endpoint: str = "http://otel-collector.monitoring:4318"
    # Pages about a service; `{name}`, `{team}` and `{environment}` are filled in, and `{dashboard}` with the `uid` of its
    # dashboard, which is `{name}-{environment}` as far as Grafana takes one so long.
    dashboard_url: str = "https://grafana.example.com/d/{dashboard}"
    logs_url: str = "https://grafana.example.com/explore?service={name}&environment={environment}"
    # The page that explains the fields of service documents, which errors name.
    reference_url: str = "http://localhost:3000/docs/default/component/greenroom/reference/service-document/"
    runbook_url: str = "http://localhost:3000/docs/default/component/{name}/runbook"
    # What pipelines install the command from: a requirement of pip that names one version. Empty: greenroom in the
    # version that renders them.
    command_package: str = ""


@dataclass(frozen=True)
class LogSettings:
    """What is logged, and how."""

    level: typing.Literal["debug", "info", "warning", "error"] = "info"
    format: typing.Literal["json", "text"] = "json"


@dataclass(frozen=True)
class Settings:
    """Everything that can be set."""

    server: ServerSettings = field(default_factory=ServerSettings)
    backstage: BackstageSettings = field(default_factory=BackstageSettings)
    state: StateSettings = field(default_factory=StateSettings)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    git: GitSettings = field(default_factory=GitSettings)
    clusters: tuple[ClusterSettings, ...] = ()
    health: HealthSettings = field(default_factory=HealthSettings)
    docs: DocsSettings = field(default_factory=DocsSettings)
    aws: AwsSettings = field(default_factory=AwsSettings)
    vault: VaultSettings = field(default_factory=VaultSettings)
    postgres: PostgresSettings = field(default_factory=PostgresSettings)
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    log: LogSettings = field(default_factory=LogSettings)

    def __post_init__(self) -> None:
        names = [cluster.name for cluster in self.clusters]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"clusters: each needs a name of its own, and these are there twice: {', '.join(twice)}")
