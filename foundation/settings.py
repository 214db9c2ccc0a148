"""One reader for every setting: a YAML file, overlaid by the environment, into frozen dataclasses.

The environment names a setting by its path: `GREENROOM_SERVER_PORT=7200` is `server.port`. Lists and
mappings are written there as YAML. Wrong values are named all at once.
"""

from __future__ import annotations

import dataclasses
import os
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from foundation.errors import InputError, Problem

ENVIRONMENT_PREFIX = "GREENROOM_"
# These name the file and the home of the local platform, and are no settings themselves.
RESERVED = frozenset({"GREENROOM_CONFIG", "GREENROOM_HOME", "GREENROOM_URL", "GREENROOM_TOKEN"})
RESERVED_PREFIXES = ("GREENROOM_LOCAL_", "GREENROOM_TEST_")
# A settings file is written by hand; one of over a mebibyte is a mistake.
LARGEST_FILE = 1024 * 1024


class SettingsError(InputError):
    """Settings that cannot be used; `problems` has every one of them."""


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


@dataclass(frozen=True)
class ServerSettings:
    """The Python server."""

    host: str = "127.0.0.1"
    port: int = 7100
    # How Backstage, browsers and the command reach it.
    url: str = "http://localhost:7100"
    # Every worker keeps its own watch cache, so more than one multiplies the load on clusters.
    workers: int = 1
    # Bytes. A packed workspace of a large service is a few MiB.
    body_limit: int = 32 * 1024 * 1024


@dataclass(frozen=True)
class StaticToken:
    """A token for a caller without a Backstage session: the command, CI."""

    subject: str
    token: Secret

    def __post_init__(self) -> None:
        # Backstage asks as much of its own static tokens: 24 random bytes or more.
        if len(self.token.reveal()) < 24:
            raise ValueError("token must have at least 24 characters")


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
    """A Kubernetes cluster that an environment runs in."""

    name: str
    environment: str
    # Empty: the account of the pod that this runs in.
    kubeconfig: Path | None = None
    context: str = ""
    simulated: bool = False


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
    docs: DocsSettings = field(default_factory=DocsSettings)
    aws: AwsSettings = field(default_factory=AwsSettings)
    vault: VaultSettings = field(default_factory=VaultSettings)
    postgres: PostgresSettings = field(default_factory=PostgresSettings)
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    log: LogSettings = field(default_factory=LogSettings)


def load_settings(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `path`, or `GREENROOM_CONFIG`, or `greenroom.yaml` where there is one.

    Paths in the file are relative to the file. Raises SettingsError with every problem found.
    """
    environ = os.environ if environ is None else environ
    named = path or (Path(environ["GREENROOM_CONFIG"]) if environ.get("GREENROOM_CONFIG") else None)
    file = named or Path("greenroom.yaml")
    document: object = {}
    if named or file.is_file():
        document = _parse(file)
    reader = _Reader(file)
    merged = reader.overlay(document, environ)
    settings = reader.build(Settings, merged, "")
    if reader.problems:
        raise SettingsError(f"{len(reader.problems)} wrong settings", problems=reader.problems)
    return typing.cast(Settings, settings)


def _parse(file: Path) -> object:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise SettingsError(f"{file}: larger than 1 MiB.", remedy="Is this the settings file?")
        return yaml.safe_load(file.read_bytes()) or {}
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}.", remedy="Name an existing file with --config.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or str(error)
        problem = Problem(str(file), line, column, f"not YAML: {what}.", "Mend the syntax.")
        raise SettingsError("The settings cannot be read.", problems=[problem]) from error


class _Reader:
    """Builds dataclasses out of plain data and collects what is wrong on the way."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def report(self, where: str, message: str) -> None:
        self.problems.append(Problem(str(self.file), 0, 0, f"{where or 'settings'}: {message}"))

    def overlay(self, document: object, environ: Mapping[str, str]) -> dict[str, object]:
        """The document with each `GREENROOM_<SECTION>_<NAME>` of the environment laid over it."""
        if not isinstance(document, dict):
            self.report("", "must be a mapping of sections.")
            document = {}
        merged = {str(key): dict(value) if isinstance(value, dict) else value for key, value in document.items()}
        sections = {each.name for each in dataclasses.fields(Settings)}
        for variable in sorted(environ):
            if not variable.startswith(ENVIRONMENT_PREFIX) or variable in RESERVED:
                continue
            if variable.startswith(RESERVED_PREFIXES):
                continue
            section, _, name = variable.removeprefix(ENVIRONMENT_PREFIX).lower().partition("_")
            if section not in sections:
                self.report(variable, f'there is no section "{section}".')
                continue
            value = environ[variable]
            if not name:
                merged[section] = yaml.safe_load(value)
                continue
            target = merged.setdefault(section, {})
            if isinstance(target, dict):
                target[name] = value
        return merged

    def build(self, kind: type, value: object, where: str) -> object:
        """An instance of the dataclass `kind`, or None after reporting why there is none."""
        if not isinstance(value, dict):
            self.report(where, "must be a mapping.")
            return None
        hints = typing.get_type_hints(kind)
        known = {each.name: each for each in dataclasses.fields(kind)}
        for name in value.keys() - known.keys():
            self.report(f"{where}.{name}".lstrip("."), f"is not a setting. Known here: {', '.join(known)}.")
        arguments: dict[str, object] = {}
        for name, each in known.items():
            place = f"{where}.{name}".lstrip(".")
            if name in value:
                arguments[name] = self.convert(hints[name], value[name], place)
            elif each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING:
                self.report(place, "is missing.")
                arguments[name] = None
        try:
            return kind(**arguments)
        except (ValueError, TypeError, AttributeError) as error:
            # With a problem reported already this is its consequence, not another one.
            if not self.problems:
                self.report(where, f"{error}.")
            return None

    def convert(self, kind: object, value: object, where: str) -> object:
        """`value` as `kind`, or None after reporting why it cannot be."""
        origin = typing.get_origin(kind)
        if origin is types.UnionType or origin is typing.Union:
            if value in (None, ""):
                return None
            return self.convert(next(a for a in typing.get_args(kind) if a is not type(None)), value, where)
        if origin is typing.Literal:
            choices = typing.get_args(kind)
            if value not in choices:
                self.report(where, f'"{value}" is not one of {", ".join(map(str, choices))}.')
            return value
        if origin is tuple:
            return self.sequence(typing.get_args(kind)[0], value, where)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            return self.build(kind, value, where)
        return self.scalar(kind, value, where)

    def sequence(self, kind: object, value: object, where: str) -> tuple[object, ...]:
        if isinstance(value, str):
            value = yaml.safe_load(value)
        if not isinstance(value, list):
            self.report(where, "must be a list.")
            return ()
        return tuple(self.convert(kind, each, f"{where}[{index}]") for index, each in enumerate(value))

    def scalar(self, kind: object, value: object, where: str) -> object:
        if kind is bool:
            truth = {"true": True, "false": False}.get(str(value).lower())
            if truth is None:
                self.report(where, f'"{value}" is neither true nor false.')
            return truth
        if kind in (int, float) and not isinstance(value, bool):
            try:
                number = int(str(value)) if kind is int else float(str(value))
            except ValueError:
                number = -1
            if number < 0:
                self.report(where, f'"{value}" is not a number of 0 or more.')
            return number
        if kind is Path and isinstance(value, str):
            return (self.file.parent / Path(value).expanduser()).resolve()
        if kind is Secret and isinstance(value, str):
            return Secret(value)
        if kind is str and isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value)
        self.report(where, "has a value of the wrong kind.")
        return None
