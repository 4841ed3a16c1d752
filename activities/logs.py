"""How worker and ingress log: in lines for people or as JSON, at a level that is set, and without others' addresses."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic_settings import BaseSettings
from temporalio.exceptions import ApplicationError
from temporalio.runtime import LogForwardingConfig, LoggingConfig, TelemetryFilter

from activities.tracing import trace_id
from records.refusal import RecordsUnavailable

LINE = "%(asctime)s %(name)s %(levelname)s %(message)s%(traced)s"
CHATTY = ("httpx", "httpcore", "slack_sdk", "urllib3", "aiohttp", "alembic")
"""They tell requests with their address or body, and some of these bear a token."""
ABOUT = ("temporal_workflow", "temporal_activity")
"""Where the SDK's loggers put what a line is about."""


class Settings(BaseSettings):
    """How much is logged, and for whom."""

    standfast_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    standfast_log_format: Literal["text", "json"] = "text"


class Expected(logging.Filter):
    """What a vendor or the records refused is said in a line: the way through our own code tells nothing of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes; such a one without its traceback."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if isinstance(error, (ApplicationError, RecordsUnavailable)):
            record.msg, record.args = f"{record.getMessage()}: {error}", ()
            record.exc_info = record.exc_text = None
        return True


class Within(logging.Filter):
    """A line that is said within a trace names it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes."""
        trace = trace_id()
        vars(record).update(trace=trace, traced=f" trace={trace}" if trace else "")
        return True


class AsJson(logging.Formatter):
    """One object a line, with the incident whose workflow or activity said it, and the trace."""

    def format(self, record: logging.LogRecord) -> str:
        """What a log store indexes."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname, "logger": record.name, "said": record.getMessage()}
        for about in ABOUT:
            known = getattr(record, about, None) or {}
            line |= {"incident": known["workflow_id"]} if "workflow_id" in known else {}
            line |= {"activity": known["activity_type"]} if "activity_type" in known else {}
        if trace := getattr(record, "trace", ""):
            line["trace"] = trace
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def of_the_sdk() -> LoggingConfig:
    """What the SDK's core says comes as a line of ours, in its format and at its level."""
    ours = LogForwardingConfig(logging.getLogger("temporalio.core"), append_target_to_name=False)
    return LoggingConfig(TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=ours)


def set_up() -> None:
    """Log to standard error as the settings say."""
    settings = Settings()
    handler = logging.StreamHandler()
    handler.addFilter(Expected())
    handler.addFilter(Within())
    handler.setFormatter(AsJson() if settings.standfast_log_format == "json" else logging.Formatter(LINE))
    logging.basicConfig(level=settings.standfast_log_level, handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
