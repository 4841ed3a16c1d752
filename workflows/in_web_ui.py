"""What the Temporal Web UI shows of an incident, brought up to date turn by turn."""

from temporalio import workflow

from domain.incident.incident import Incident
from workflows.reckoning import Reckoning
from workflows.since import TITLED, since


class InWebUI:
    """The search attributes, the current details and the title of one incident, as they are shown."""

    def __init__(self, incident: Incident, reckoning: Reckoning) -> None:
        self._incident, self._reckoning = incident, reckoning
        self._shown: dict[str, object] = {}
        self._titled = ""

    def show(self) -> bool:
        """Search attributes and current details, when they differ from what is shown; whether attributes did."""
        workflow.set_current_details(self._reckoning.details())
        wanted = self._reckoning.attributes()
        changed = [update for name, update in wanted.items() if self._shown.get(name) != update.value]
        self._shown = {name: update.value for name, update in wanted.items()}
        if changed:
            workflow.upsert_search_attributes(changed)
        title = str(self._incident.title)
        if self._incident.corrections.title and title != self._titled and since(TITLED):
            workflow.upsert_memo({"title": title})
        self._titled = title
        return bool(changed)
