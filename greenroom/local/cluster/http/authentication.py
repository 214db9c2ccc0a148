"""Who may ask: whoever has the kubeconfig's token. The answers to all others are the real server's."""

from __future__ import annotations

import hmac
from typing import Final

from starlette.requests import Request

from greenroom.local.cluster import errors
from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.http.target import Target

# Paths that Kubernetes answers to anybody (the role system:public-info-viewer).
PUBLIC: Final = frozenset({"/healthz", "/livez", "/readyz", "/version"})
_ANONYMOUS: Final = 'User "system:anonymous"'


def check_token(request: Request, token: str) -> bool:
    """Whether the request carries the token; False when it carries none. Raises StatusError (401) for a wrong one."""
    kind, _, sent = request.headers.get("authorization", "").partition(" ")
    if not kind:
        return False
    if kind.lower() != "bearer" or not hmac.compare_digest(sent.strip().encode(), token.encode()):
        raise errors.unauthorized()
    return True


def anonymous_refusal(request: Request, path: str, target: Target | None) -> StatusError:
    """The 403 for a request without a token."""
    verb = _verb(request, target)
    if target is None:
        return errors.forbidden_path(verb, path)
    kind = target.resource
    plural = f"{kind.plural}/{target.subresource}" if target.subresource else kind.plural
    scope = f'in the namespace "{target.namespace}"' if target.namespace else "at the cluster scope"
    why = f'{_ANONYMOUS} cannot {verb} resource "{plural}" in API group "{kind.group}" {scope}'
    return errors.forbidden(kind.plural, kind.group, target.name, why)


def _verb(request: Request, target: Target | None) -> str:
    if target is None:
        return request.method.lower()
    if request.method == "GET":
        if request.query_params.get("watch") in {"1", "true"}:
            return "watch"
        return "get" if target.name else "list"
    verbs = {"POST": "create", "PUT": "update", "PATCH": "patch"}
    return verbs.get(request.method, "delete" if target.name else "deletecollection")
