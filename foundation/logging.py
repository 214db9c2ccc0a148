"""One log stream for everything in the process: structlog's own lines and those of the standard library.

The id of the request and of the run are bound by whoever begins one (`structlog.contextvars`), and stand in each line.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from foundation.settings import Secret

HIDDEN = "***"
# Names whose value is a secret whatever it looks like.
SECRET_NAMES = re.compile(
    r"authorization|cookie|token|secret|passw(or)?d|passphrase|api[_-]?key|private[_-]?key|access[_-]?key|credential",
    re.IGNORECASE,
)
# Values that are secrets wherever they stand: JSON Web Tokens, headers, tokens of Vault, GitHub and AWS, passwords
# in addresses.
SECRET_VALUES = (
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"),
    re.compile(r"(?<=bearer )[\w.~+/=-]{8,}|(?<=basic )[\w+/=]{8,}", re.IGNORECASE),
    re.compile(r"\b(?:hv[sbr]|s)\.[A-Za-z0-9_-]{20,}"),
    re.compile(r"\b(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{20,}"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),
)
# Deeper than anything that is worth a line of log.
DEEPEST = 8
# The frames that matter are the first and the last; a recursion would fill the disk.
MOST_FRAMES = 30
# Libraries that tell at `info` what nobody asked.
QUIET = ("urllib3", "botocore", "boto3", "kubernetes", "connexion", "asyncio", "watchdog", "MARKDOWN", "werkzeug")


def configure_logging(level: str = "info", json: bool = True) -> None:
    """Write every line of the process to standard error, as JSON or as text, from `level` up, without secrets.

    May be called again, as a server does in its worker after a fork.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # A logger that is kept would keep the configuration from before this call.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_endings(json)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _send_to_root()


def _endings(json: bool) -> list[Processor]:
    """From the event to the line; secrets go last, so that none is left in a traceback either."""
    if json:
        return [
            # Local variables stay out: they hold what callers sent.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False, max_frames=MOST_FRAMES)),
            redact,
            structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ]
    return [structlog.processors.format_exc_info, redact, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def _send_to_root() -> None:
    """Take the handlers away that libraries and servers gave their loggers, so that all goes one way."""
    for name, logger in logging.root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger) and name.partition(".")[0] in {
            "uvicorn",
            "gunicorn",
            "dbos",
            "kubernetes",
        }:
            logger.handlers.clear()
            logger.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # The access log of the web layer says the same and more.
    logging.getLogger("uvicorn.access").disabled = True


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor that hides what looks like a secret, by its name or by its form."""
    return {name: _hidden(name, value, 0) for name, value in event.items()}


def redact_text(text: str) -> str:
    """`text` with everything in it hidden that has the form of a secret."""
    for pattern in SECRET_VALUES:
        text = pattern.sub(HIDDEN, text)
    return text


def _hidden(name: str, value: object, depth: int) -> Any:
    if isinstance(value, Secret) or (isinstance(value, str) and value and SECRET_NAMES.search(name)):
        return HIDDEN
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth >= DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): _hidden(str(key), each, depth + 1) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_hidden(name, each, depth + 1) for each in value]
    return redact_text(str(value))
