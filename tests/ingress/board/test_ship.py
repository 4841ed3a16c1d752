"""What the board is made of travels with the program: in the wheel, and beside the code in the image."""

from hatchling.builders.wheel import WheelBuilder
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

from ingress.board import page
from ingress.board.asset import FOLDER
from tests.house.source import ROOT


def test_templates_styles_and_scripts_are_in_the_wheel() -> None:
    metadata = ProjectMetadata(str(ROOT), PluginManager())
    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT), metadata=metadata).recurse_included_files()}
    made_of = [*FOLDER.iterdir(), *(ROOT / "ingress/board/template").iterdir()]
    assert len(made_of) > 12
    assert {f"standfast/{path.relative_to(ROOT).as_posix()}" for path in made_of} - shipped == set()


def test_every_template_can_be_read() -> None:
    templates = page.environment()
    assert [templates.get_template(name).name for name in templates.list_templates()]
