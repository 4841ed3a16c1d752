"""Where Temporal is and how to get in, by its own environment variables and profiles."""

from typing import Any

from temporalio.envconfig import ClientConfig


def target(**overrides: Any) -> dict[str, Any]:
    """What a connection is made with; `target_host` is there always.

    Raises `ValueError` that names what cannot be used: a file of TEMPORAL_TLS_* that is not there, a broken profile.
    """
    try:
        said = ClientConfig.load_client_connect_config()
    except OSError as error:
        raise ValueError(f"TEMPORAL_* names {error.filename}: {error.strerror}") from None
    except RuntimeError as error:
        raise ValueError(f"TEMPORAL_* or its profile cannot be used: {error}") from None
    return {"target_host": "127.0.0.1:7233", **said, **overrides}
