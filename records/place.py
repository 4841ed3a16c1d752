"""Where the records are, said without a database's library."""

from pathlib import Path
from urllib.parse import urlsplit

VARIABLE, DEFAULT = "STANDFAST_DATABASE_URL", "sqlite:///var/records.db"


def lacking_file(url: str) -> str:
    """The SQLite file that is not there: opening it would make an empty one that looks well."""
    file = urlsplit(url).path[1:] if url.startswith("sqlite") else ""
    return file if file and not Path(file).exists() else ""
