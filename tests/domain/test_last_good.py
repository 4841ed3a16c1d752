"""A file of the company that is changed into what cannot be read never takes the place of a good one."""

import os
import shutil
from pathlib import Path

import pytest

from activities.company import SHIPPED, Company, Settings, Unfit


def _company(folder: Path) -> Company:
    for name in ("policy", "catalog"):
        shutil.copy(SHIPPED / f"{name}.yaml", folder / f"{name}.yaml")
    return Company(Settings(standfast_policy=folder / "policy.yaml", standfast_catalog=folder / "catalog.yaml"))


def _written(file: Path, text: str, second: int) -> None:
    file.write_text(text)
    os.utime(file, (second, second))


@pytest.mark.parametrize("text", ["services: [", "surprise: 1", ""])
def test_the_last_good_catalog_goes_on_and_what_is_wrong_is_said(tmp_path: Path, text: str) -> None:
    company, file = _company(tmp_path), tmp_path / "catalog.yaml"
    good = company.catalog
    _written(file, text, 1)
    assert company.catalog is good
    assert [*company.unfit] == [file]
    assert company.catalog is good
    _written(file, (SHIPPED / "catalog.yaml").read_text(), 2)
    assert company.catalog == good
    assert company.unfit == {}


def test_a_file_that_is_taken_away_is_a_change_like_another(tmp_path: Path) -> None:
    company = _company(tmp_path)
    good = company.policy
    (tmp_path / "policy.yaml").unlink()
    assert company.policy is good
    assert "could not be read" in str(company.unfit[tmp_path / "policy.yaml"])


def test_where_there_was_never_a_good_one_it_is_refused(tmp_path: Path) -> None:
    company = _company(tmp_path)
    _written(tmp_path / "catalog.yaml", "services: [", 1)
    with pytest.raises(Unfit, match="not YAML"):
        _ = company.catalog
