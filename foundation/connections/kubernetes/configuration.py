"""Server, certificates and credentials of a cluster, found by the official client.

The client honours everything a kubeconfig may say: exec plugins, token files, client certificates,
OIDC, proxies, server names; and in a pod its mounted account. It is imported when the first cluster
is used, because that costs 1.5 s and 40 MB.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

import yaml

from foundation.connections.kubernetes.errors import ClusterUnreachableError
from foundation.settings import ClusterSettings

if TYPE_CHECKING:
    import urllib3

# A kubeconfig of a hundred clusters with their certificates has half of this.
LARGEST_KUBECONFIG = 4 * 1024 * 1024
# Connections of one cluster that are kept for reuse: a watch for each kind, of which a large cluster has some fifty, and a
# few requests.
KEPT_CONNECTIONS = 64
# The client writes certificates into files that its configurations share, and names a file to others before it has
# written it: of one kubeconfig, one thread at a time. Others need not wait for the exec plugins that it may run.
_loading: dict[Path | None, threading.Lock] = {}


class _Configuration(Protocol):
    """The part of the official client's Configuration that is used here."""

    host: str
    connection_pool_maxsize: int
    ssl_ca_cert: str | None

    def auth_settings(self) -> dict[str, dict[str, str | None]]: ...


class Connection:
    """One cluster's server and the way to it, with credentials that renew themselves."""

    def __init__(self, configuration: _Configuration) -> None:
        from kubernetes.client.rest import RESTClientObject

        configuration.connection_pool_maxsize = KEPT_CONNECTIONS
        self.url = configuration.host.rstrip("/")
        self.host = urlsplit(self.url).netloc.rpartition("@")[2]
        self.pool: urllib3.PoolManager = RESTClientObject(configuration).pool_manager
        self._configuration = configuration
        self._renewing = threading.Lock()

    def credentials(self) -> dict[str, str]:
        """The header that says who is asking. May run an exec plugin: one at a time."""
        with self._renewing:
            settings = self._configuration.auth_settings()
        value = settings.get("BearerToken", {}).get("value")
        return {"Authorization": value} if value else {}


def load_connection(cluster: ClusterSettings) -> Connection:
    """The connection that `cluster` describes; raises ClusterUnreachableError naming what is wrong with it."""
    from kubernetes.client import Configuration
    from kubernetes.config import ConfigException, load_incluster_config
    from kubernetes.config.kube_config import KubeConfigLoader

    configuration = Configuration()
    try:
        with _loading.setdefault(cluster.kubeconfig, threading.Lock()):
            if cluster.kubeconfig is None:
                load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call]  # ships no types
            else:
                # Given as data: loaded by path, the client writes whole users, tokens included, into its errors.
                loader = KubeConfigLoader(  # type: ignore[no-untyped-call]
                    config_dict=_read(cluster.kubeconfig, cluster.name),
                    active_context=cluster.context or None,
                    config_base_path=str(cluster.kubeconfig.parent),
                )
                loader.load_and_set(configuration)  # type: ignore[no-untyped-call]
    except ConfigException as error:
        place = cluster.kubeconfig or "the account of this pod"
        raise _unusable(cluster.name, f"{place}: {str(error).rstrip('.')[:300]}") from None
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        # What the client raises on a file of the wrong shape; its text may quote the file.
        raise _unusable(cluster.name, f"{cluster.kubeconfig} is no kubeconfig ({type(error).__name__})") from None
    return Connection(cast("_Configuration", configuration))


def _read(path: Path, cluster: str) -> dict[str, object]:
    try:
        if path.stat().st_size > LARGEST_KUBECONFIG:
            raise _unusable(cluster, f"{path} is larger than 4 MiB")
        document = yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise _unusable(cluster, f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise _unusable(cluster, f"{path} is not YAML") from None
    if not isinstance(document, dict):
        raise _unusable(cluster, f"{path} is no kubeconfig")
    return document


def _unusable(cluster: str, what: str) -> ClusterUnreachableError:
    return ClusterUnreachableError(
        f"Cluster {cluster} cannot be connected to: {what}.",
        remedy=f'Mend `kubeconfig` and `context` of the cluster "{cluster}" in the settings.',
    )
