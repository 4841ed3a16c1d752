"""Prints every clause of docs/sop.md with the tests that prove it, and fails where one has none: `make sop`."""

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[1] / "docs/sop.md"
ROW = re.compile(r"^\| ([A-Z]{2,3}-\d+) \| (.+?) \|$", re.MULTILINE)
CLAUSE = re.compile(r"\b[A-Z]{2,3}-\d+\b")
UNPROVED = "\n# Not yet proved\n"
ELSEWHERE = {"slow": " (make proof)", "story": " (make stories)"}
"""What stands behind a test that `make test` leaves out, by its marker: it is named, and alone it is not enough."""


@dataclass(frozen=True)
class Sop:
    """The procedure as the document has it: the text of every clause, and those it admits to be unproved."""

    clauses: dict[str, str]
    unproved: list[str]


@dataclass
class Proofs:
    """A pytest plugin that notes which collected tests name which clause."""

    tests: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            self.note(item)

    def note(self, item: pytest.Item) -> None:
        """Note a test once for each clause it names; one that is skipped or expected to fail proves nothing."""
        if item.get_closest_marker("skip") or item.get_closest_marker("xfail"):
            return
        left_out = next((said for marker, said in ELSEWHERE.items() if item.get_closest_marker(marker)), "")
        name = item.nodeid.partition("[")[0]
        for clause in (str(one) for marker in item.iter_markers("sop") for one in marker.args):
            if not {name, name + left_out} & set(self.tests[clause]):
                self.tests[clause].append(name + left_out)


def read(document: str) -> Sop:
    """Read the document: a table row is a clause, and an id under the last heading is an unproved one."""
    proved, _, unproved = document.partition(UNPROVED)
    return Sop(dict(ROW.findall(proved)), CLAUSE.findall(unproved))


def complaints(sop: Sop, proofs: Mapping[str, list[str]]) -> list[str]:
    """Say everything in which the document and the tests disagree, and what to do about it."""
    admitted, named = set(sop.unproved), set(sop.clauses)
    slow = {one for one, names in proofs.items() if all(name.endswith(tuple(ELSEWHERE.values())) for name in names)}
    return [
        *(
            f"{one} has no test: mark one with @pytest.mark.sop({one!r})"
            for one in sorted(named - admitted - set(proofs))
        ),
        *(f"{one} is proved by nothing that `make test` runs: it needs a short test" for one in sorted(slow & named)),
        *(f"{one} is proved: take it off the list 'Not yet proved'" for one in sorted(admitted & set(proofs))),
        *(f"{one} is no clause of the document, but {proofs[one][0]} names it" for one in sorted(set(proofs) - named)),
        *(f"{one} stands under 'Not yet proved' and is no clause of the document" for one in sorted(admitted - named)),
    ]


def report(sop: Sop, proofs: Mapping[str, list[str]]) -> str:
    """Write every clause with its tests under it."""
    lines = []
    for clause, text in sop.clauses.items():
        proved_by = proofs.get(clause) or ["not yet proved" if clause in sop.unproved else "NO TEST"]
        lines += [f"{clause:6} {text}", *(f"       {name}" for name in proved_by)]
    return "\n".join(lines)


def collect(*arguments: str) -> dict[str, list[str]]:
    """Let pytest collect every test, the slow ones too, and note what they prove."""
    proofs = Proofs()
    quietly = ["--collect-only", "-qqq", "-m", "", "-p", "no:cacheprovider"]
    with redirect_stdout(StringIO()) as said:
        status = pytest.main([*quietly, *arguments], plugins=[proofs])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.exit(f"{said.getvalue()}\nthe tests could not be collected: mend what stands above")
    return dict(proofs.tests)


def main() -> None:
    sop, proofs = read(DOCUMENT.read_text()), collect()
    print(report(sop, proofs))
    wrong = complaints(sop, proofs)
    print(f"{len(sop.clauses)} clauses, {len(set(sop.clauses) & set(proofs))} proved", *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
