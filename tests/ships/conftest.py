"""What ships, installed once for all of these tests."""

import pytest

from tests.ships.installed import Installed, installed


@pytest.fixture(scope="session")
def there(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own."""
    return installed(tmp_path_factory.mktemp("ships"))
