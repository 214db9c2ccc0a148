"""The server: all three plugins in one process, or any of them alone, under gunicorn."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from foundation.errors import InputError
from foundation.logging import configure_logging
from foundation.runs import RunEngine
from foundation.settings import Settings
from foundation.web import Plugin, host

if TYPE_CHECKING:
    from foundation.web.hosting import Host

PLUGINS = ("live", "platform", "docs")


def create_application(settings: Settings, plugins: Sequence[str] = PLUGINS) -> Host:
    """The ASGI application of the named plugins. Threads and connections begin with its lifespan."""
    unknown = sorted(set(plugins) - set(PLUGINS))
    if unknown:
        raise InputError(f"There is no plugin {', '.join(unknown)}.", remedy=f"There are: {', '.join(PLUGINS)}.")
    # Servers that share a database recognise their own unfinished runs by this name.
    runs = RunEngine(settings.state, executor="-".join(sorted(plugins)))
    return host([_FACTORIES[name](settings, runs) for name in plugins], settings)


def serve(settings: Settings, plugins: Sequence[str] = PLUGINS) -> None:
    """Serve until told to stop."""
    _Gunicorn(settings, plugins).run()


def with_runs(plugin: Plugin, runs: RunEngine) -> Plugin:
    """The plugin, which has its runs executed from before it starts until after it stops: it submits some as it starts.

    Every body is registered by then: the factories do that.
    """

    def start() -> None:
        runs.start()
        plugin.start()

    def stop() -> None:
        plugin.stop()
        runs.stop()

    return dataclasses.replace(plugin, start=start, stop=stop)


def _live(settings: Settings, _: RunEngine) -> Plugin:
    from catalog_provider.app import create_plugin

    return create_plugin(settings)


def _platform(settings: Settings, runs: RunEngine) -> Plugin:
    from scaffolder_actions.app import create_plugin

    return with_runs(create_plugin(settings, runs), runs)


def _docs(settings: Settings, runs: RunEngine) -> Plugin:
    from techdocs.app import create_plugin

    return with_runs(create_plugin(settings, runs), runs)


_FACTORIES: dict[str, Callable[[Settings, RunEngine], Plugin]] = {"live": _live, "platform": _platform, "docs": _docs}


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn with uvicorn workers, set up from our settings instead of its command line."""

    def __init__(self, settings: Settings, plugins: Sequence[str]) -> None:
        self.settings = settings
        self.plugins = plugins
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self.settings.server.host}:{self.settings.server.port}",
            "workers": self.settings.server.workers,
            "worker_class": "uvicorn_worker.UvicornWorker",
            # Seconds that open requests get at a shutdown: a run goes on where it was, so there is no need for more.
            "graceful_timeout": 10,
            "timeout": 60,
            "proc_name": "greenroom",
            # Our own access log has the request id and the caller.
            "accesslog": None,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Host:
        """Called in each worker, after the fork: threads started before it would not exist here."""
        configure_logging(self.settings.log.level, json=self.settings.log.format == "json")
        application = create_application(self.settings, self.plugins)
        # What is loaded by now stays: to look through it for garbage would hold up all threads for a tenth of a second.
        gc.freeze()
        return application
