"""Errors to Sentry, if SENTRY_DSN names one: stack and address, never values, which may be drafts, passwords or names."""

from typing import Any

KEPT = {"event_id", "timestamp", "level", "platform", "logger", "exception", "release", "environment", "sdk", "tags"}


def begin(dsn: str) -> None:
    """Report errors from now on. Raises ImportError if the extra `sentry` is not installed."""
    import sentry_sdk

    sentry_sdk.init(
        dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        server_name="",
        before_send=without_values,
    )


def without_values(event: Any, hint: dict[str, Any]) -> Any:
    """Keep where an error was raised and its type; drop its text, which may quote a row, and the request but its path."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    for error in kept.get("exception", {}).get("values", []):
        error["value"] = ""
    if url := event.get("request", {}).get("url"):
        kept["request"] = {"url": url.split("?")[0], "method": event["request"].get("method")}
    return kept
