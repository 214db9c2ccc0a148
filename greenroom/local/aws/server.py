"""The server: moto's, which learns CloudFormation when it is first asked for it, with an account that is not empty."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from greenroom.local.aws.calls import OWN, Calls
from greenroom.local.aws.seeds import seed

# Seconds that a call waits for the account to be furnished; it takes two or three.
FURNISHING = 60


class LocalAws:
    """moto's server on `host` and `port` (0: any that is free), for the environments of the local platform.

    `pace` is seconds that each resource of a stack takes.
    """

    def __init__(
        self, host: str, port: int, *, region: str, environments: Sequence[str], domain: str, pace: float = 0.0
    ) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler
        from werkzeug.serving import make_server

        self._application = DomainDispatcherApplication(self._service)
        self._server = make_server(host, port, self._answer, threaded=True, request_handler=MotoRequestHandler)
        self.url = f"http://{host}:{self._server.server_port}"
        self._calls = Calls(self.url, region)
        self._pace = pace
        self._furnished = threading.Event()
        self._furnishing = threading.Thread(target=self._furnish, args=(environments, domain), daemon=True)

    def serve(self) -> None:
        """Answer until the process ends. The account is furnished meanwhile; who asks for it waits."""
        self._furnishing.start()
        self._server.serve_forever()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def _furnish(self, environments: Sequence[str], domain: str) -> None:
        try:
            seed(self._calls, environments, domain)
        finally:
            self._furnished.set()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        # moto's own pages say at once that the server is there.
        if OWN not in environ.get("HTTP_USER_AGENT", "") and not environ["PATH_INFO"].startswith("/moto-api"):
            self._furnished.wait(FURNISHING)
        return self._application(environ, start_response)

    def _service(self, name: Any) -> Any:
        """The application for one service, for which moto asks once each."""
        from moto.moto_server.werkzeug_app import create_backend_app

        if name == "cloudformation":
            # Two seconds of modules, for those who want stacks.
            from greenroom.local.aws.stacks.teaching import teach

            teach(self._calls, self._pace)
        if name == "s3":
            from greenroom.local.aws.policies import teach_conditions

            teach_conditions()
        return create_backend_app(name)
