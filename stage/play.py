"""What the stage plays with, put together: the desk, the alerts, the troubles, and the story's steps."""

from dataclasses import dataclass

from stage.alert import Alerts
from stage.desk import Desk
from stage.step import Steps
from stage.trouble import Troubles


@dataclass(frozen=True)
class Play:
    """Everything that can be done."""

    desk: Desk
    alerts: Alerts
    troubles: Troubles
    steps: Steps
