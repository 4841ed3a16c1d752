"""A release has its name by what decides: other code is another release, and the same code the same one anywhere."""

import shutil
from pathlib import Path

from workflows.release import ROOT, content, release


def copied(folder: Path) -> Path:
    for place in ("domain/value", "workflows", "activities"):
        shutil.copytree(ROOT / place, folder / place)
    return folder


def test_it_bears_its_version_or_the_name_that_is_given_and_its_content() -> None:
    assert release() == f"{release('').rpartition('-')[0]}-{content()}"
    assert release("2026.11") == f"2026.11-{content()}"
    assert len(content()) == 12


def test_the_same_code_has_the_same_name_wherever_it_lies(tmp_path: Path) -> None:
    one, other = copied(tmp_path / "one"), copied(tmp_path / "other")
    (other / "workflows/__pycache__").mkdir(exist_ok=True)
    (other / "workflows/__pycache__/group.cpython-311.pyc").write_bytes(b"compiled")
    assert content(one) == content(other)


def test_a_rule_or_a_workflow_that_is_changed_or_renamed_is_another_release(tmp_path: Path) -> None:
    names = set()
    for number, path in enumerate(("domain/value/act.py", "workflows/group.py", "activities/attribute.py")):
        folder = copied(tmp_path / str(number))
        names.add(content(folder))
        (folder / path).write_text((folder / path).read_text() + "# changed\n")
        content.cache_clear()
        names.add(content(folder))
        (folder / path).rename(folder / path.replace(".py", "_renamed.py")) if number < 2 else None
        content.cache_clear()
        names.add(content(folder))
    assert len(names) == 6


def test_what_only_speaks_is_not_what_decides(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    before = content(folder)
    (folder / "activities/vendor.py").write_text("# changed\n")
    content.cache_clear()
    assert content(folder) == before
