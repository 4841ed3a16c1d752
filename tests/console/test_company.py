"""The example companies at the command line: checked, explained and described as any company is."""

import json

import pytest
from jsonschema import Draft202012Validator

from domain.procedure.sop import PROCEDURE
from domain.report.explanation import explain, explained
from tests import yaml
from tests.console.conftest import Standfast
from tests.domain.company import COMPANIES, FOLDER, catalog_of, policy_of


@pytest.mark.parametrize("company", COMPANIES)
def test_policy_check_is_clean_for_every_example_company(standfast: Standfast, company: str) -> None:
    told = standfast("policy", "check", *(str(FOLDER / company / f"{name}.yaml") for name in ("policy", "catalog")))
    verdict, *seen_to = told.stdout.splitlines()
    assert (told.exit_code, verdict) == (0, "Policy and catalog fit, and every promise in them can be kept.")
    assert "approved.matrix: found no approval" in " ".join(seen_to)


@pytest.mark.parametrize("company", COMPANIES)
def test_every_clause_has_words_in_every_company_and_nothing_of_another(company: str) -> None:
    policy, catalog = policy_of(company), catalog_of(company)
    assert set(explained(policy)) == set(PROCEDURE.clauses)
    words = {clause: explain(clause, policy, catalog) or [] for clause in explained(policy)}
    assert all(words.values())
    titles = {"incident commander", "engineering manager", "communications lead", "on-call engineer"}
    strangers = titles - {rule.title for rule in policy.roles.values()}
    fixed = ("The same under every policy",)
    said = " ".join(line for lines in words.values() for line in lines if not line.startswith(fixed))
    assert [title for title in sorted(strangers) if title in said] == []


@pytest.mark.parametrize(
    ("company", "clause", "lines"),
    [
        (
            "tidepool",
            "PM-1",
            [
                "The incident lead must complete the post-mortem within 24 office hours (3 days of work), counted from "
                "the resolution, and again from each one after a reopening.",
                "A clock in office hours counts Mon to Fri 09:00 to 17:00 in Europe/Lisbon alone, 7 holidays left out.",
                "For example: begun on Fri 06 Mar 16:00 it is due on Wed 11 Mar 16:00.",
                "8 office hours and again 2 office hours before the deadline the owner is reminded.",
            ],
        ),
        ("tidepool", "COM-4", ["No severity of this policy asks for a status page, so nothing is published and"]),
        ("tidepool", "WAR-3", ["The roles: incident lead, engineer, founder; each has one holder at a time."]),
        ("tidepool", "WAR-1", ["At every severity people talk in the thread under the headline in #incidents."]),
        ("tidepool", "COM-1", ["This policy has no clock COM-1: nobody is held to a time. One would start with a"]),
        (
            "northgate",
            "ACK-1",
            [
                "The duty engineer must acknowledge within 3 min at P0, 5 min at P1, 10 min at P2, "
                "30 min at P3, 4 office hours at "
                "P4, 9 office hours at P5, counted from",
                "For example at P4: begun on Fri 06 Mar 16:30 it is due on Mon 09 Mar 11:30.",
                "In team Banking, first_line: Alba Serrano; second_line: Bruno Keller;",
            ],
        ),
        (
            "northgate",
            "WAR-5",
            ["The head of engineering is brought in at once for P0, P1, and after this"],
        ),
        ("northgate", "RES-1", ["Only the major incident manager may resolve; anyone, while nobody"]),
        ("northgate", "KPI-1", ["The mean time to acknowledge at P0, P1 should be under 5 min."]),
        ("northgate", "ACT-1", ["due 90 office hours (10 days of work) after its opening at most."]),
        ("meridian", "ACK-2", ["Mei Tan every day 08:00 to 17:00 in Asia/Singapore, Rita Campos Mon to Fri 08:00 to"]),
    ],
)
def test_a_clause_says_what_happens_when_and_for_whom(
    standfast: Standfast, monkeypatch: pytest.MonkeyPatch, company: str, clause: str, lines: list[str]
) -> None:
    for name in ("policy", "catalog"):
        monkeypatch.setenv(f"STANDFAST_{name.upper()}", str(FOLDER / company / f"{name}.yaml"))
    told = standfast("policy", "explain", clause, "--json")
    assert told.exit_code == 0
    said = json.loads(told.stdout)["says"]
    assert [line for line in lines if not any(line in one for one in said)] == []


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("name", ["policy", "catalog"])
def test_the_printed_schema_accepts_the_files_of_every_company(standfast: Standfast, company: str, name: str) -> None:
    schema = json.loads(standfast("policy", "schema").stdout)[name]
    data = yaml.safe_load(
        (FOLDER / company / f"{name}.yaml").read_text(),
    )
    dates = json.loads(json.dumps(data, default=str))
    validator = Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(dates)] == []
    assert not validator.is_valid(dates | {"surprise": 1})
