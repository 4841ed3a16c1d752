"""A file of the company that is changed into what cannot be read never takes the place of a good one."""

import os
import shutil
from pathlib import Path

import pytest

from config.company import SHIPPED, Company, InvalidFile, Settings


def _company(folder: Path) -> Company:
    for name in ("policy", "catalog"):
        shutil.copy(SHIPPED / f"{name}.yaml", folder / f"{name}.yaml")
    return Company(Settings(standfast_policy=folder / "policy.yaml", standfast_catalog=folder / "catalog.yaml"))


def _written(file: Path, text: str, second: int) -> None:
    file.write_text(text)
    os.utime(file, (second, second))


def test_the_board_is_where_the_environment_has_it_unless_the_policy_says_so(tmp_path: Path) -> None:
    _company(tmp_path)
    policy = tmp_path / "policy.yaml"
    company = Company(Settings(standfast_policy=policy, standfast_board_url="http://127.0.0.1:8080/"))
    assert company.policy.board == "http://127.0.0.1:8080"
    _written(policy, f"{policy.read_text()}\nboard: https://board.example\n", 1)
    assert company.policy.board == "https://board.example"


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


def test_what_goes_bad_and_what_is_mended_is_said_before_anybody_needs_it(tmp_path: Path) -> None:
    company, file = _company(tmp_path), tmp_path / "catalog.yaml"
    _ = company.catalog
    _written(file, "services: [", 1)
    assert [*company.unfit] == [file]
    _written(file, (SHIPPED / "catalog.yaml").read_text(), 2)
    assert company.unfit == {}


def test_a_file_that_is_taken_away_is_a_change_like_another(tmp_path: Path) -> None:
    company = _company(tmp_path)
    good = company.policy
    (tmp_path / "policy.yaml").unlink()
    assert company.policy is good
    assert "could not be read" in str(company.unfit[tmp_path / "policy.yaml"])


def test_a_change_that_brings_a_finding_is_not_taken_and_one_beside_it_is(tmp_path: Path) -> None:
    company, catalog, policy = _company(tmp_path), tmp_path / "catalog.yaml", tmp_path / "policy.yaml"
    good, rules = company.catalog, company.policy
    _written(catalog, catalog.read_text().replace("      secondary: {people: [sam]}\n", ""), 1)
    _written(policy, policy.read_text().replace("name: standfast", "name: other"), 1)
    assert company.catalog is good
    assert "teams.payments.levels.secondary: found nothing" in str(company.unfit[catalog])
    assert company.policy.name != rules.name
    assert [*company.unfit] == [catalog]


def test_two_changes_that_need_each_other_are_taken_together(tmp_path: Path) -> None:
    company, catalog, policy = _company(tmp_path), tmp_path / "catalog.yaml", tmp_path / "policy.yaml"
    _ = company.catalog, company.policy
    _written(policy, policy.read_text().replace("default_service: platform", "default_service: payroll"), 1)
    assert company.policy.alerts.default_service == "platform"
    assert [*company.unfit] == [policy]
    written = catalog.read_text().replace("\n  platform:\n    title", "\n  payroll:\n    title")
    _written(catalog, written, 1)
    assert company.policy.alerts.default_service == "payroll"
    assert (company.unfit, "payroll" in company.catalog.services) == ({}, True)


def test_what_was_found_before_keeps_no_change_back(tmp_path: Path) -> None:
    company, catalog = _company(tmp_path), tmp_path / "catalog.yaml"
    _written(catalog, catalog.read_text().replace("slack: U01DANA, ", ""), 1)
    assert not company.catalog.people["dana"].at("slack")
    _ = company.policy
    _written(catalog, catalog.read_text().replace("Dana Okafor", "Dana O."), 2)
    assert company.catalog.people["dana"].name == "Dana O."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("      secondary: {people: [sam]}\n", "", "teams.payments.levels.secondary"),
        ("pager: pagerduty", "pager: pigeon", "vendors.pager: found 'pigeon'"),
    ],
)
def test_nobody_starts_with_what_loses_alerts(tmp_path: Path, old: str, new: str, said: str) -> None:
    company, catalog = _company(tmp_path), tmp_path / "catalog.yaml"
    company.refuse_grave()
    _written(catalog, catalog.read_text().replace(old, new), 1)
    fresh = Company(Settings(standfast_policy=tmp_path / "policy.yaml", standfast_catalog=catalog))
    with pytest.raises(InvalidFile, match=said):
        fresh.refuse_grave()


def test_where_there_was_never_a_good_one_it_is_refused(tmp_path: Path) -> None:
    company = _company(tmp_path)
    _written(tmp_path / "catalog.yaml", "services: [", 1)
    with pytest.raises(InvalidFile, match="not YAML"):
        _ = company.catalog
