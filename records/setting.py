"""What the records are told by the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.value.model import Duration
from records.place import DEFAULT


class Settings(BaseSettings):
    """Where the records live and with what they are signed; both may carry secrets."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    standfast_database_url: SecretStr = SecretStr(DEFAULT)
    """`sqlite:///path` or `postgresql://user:password@host/name`."""
    standfast_signing_key: SecretStr | None = None
    """The Ed25519 key: a path of a PEM file, or the 32 bytes in base64."""
    standfast_anchor_file: Path | None = None
    """Where each checkpoint is kept outside the database: a file that only grows."""
    standfast_anchor_mail: str = ""
    """The address to which each checkpoint is mailed, best an auditor's."""
    standfast_tsa_url: str = ""
    """The time-stamp authority (RFC 3161) that puts the time to each checkpoint; none by default."""
    standfast_checkpoint_every: Annotated[Duration, Field(ge=timedelta(minutes=1))] = timedelta(hours=1)
    """How often the ends of all chains are signed."""
