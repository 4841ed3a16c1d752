"""A run of a job, a build, a pipeline or a deployment: its name stays, and its number is new each time.

Whoever runs things tells of each run that it begins, goes well or fails, and a code host of all that people do there
beside. A failure fires under the name of what was run, and the next success ends it. What nobody is to be woken for is
a remark: a run under way, people's own work, a side branch, and of a code host whatever is no deployment.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from vendors.generic.found import SEVERITIES, Found
from vendors.outcome import outcome, words
from vendors.said import mark, objects, part, text

RUNS: Final = frozenset(
    {"build", "builds", "deploy", "deployment", "job", "jobs", "pipeline", "release", "sync", "workflow"}
)
"""What runs, as events and their parts are called by it: `deployment.error`, `job.run.errored`, `build_number`."""
NUMBERS: Final = (
    "runid",
    "jobname",
    "taskname",
    "dagrunid",
    "flowrunid",
    "checkrunid",
    "checksuiteid",
    "commitstatuskey",
)
"""Other fields that only a run has."""
ALERTS: Final = frozenset({"alert", "alerts", "alarm", "incident", "problem", "issue", "monitor", "check"})
"""What an event or its part is called by that tells of no run, whatever run it names; nor does one with a severity."""
STATED: Final = (
    *("conclusion", "result", "buildresult", "buildstatus", "runstatus", "status", "state", "phase"),
    *("eventtype", "messagetype", "category"),
)
SAID: Final = (*STATED, "event", "type", "eventname", "objectkind", "resource")
"""Where a run's state is told, the best name first, and what it is that runs."""
OVER: Final = frozenset({"completed", "complete", "finished"})
CALLED: Final = (
    *("workflowrunname", "workflowname", "checkrunname", "jobname", "buildname", "taskname"),
    *("connectorname", "workspacename", "flowname", "dagid", "pipelinename", "commitstatusname", "deploymentname"),
    *("name",),
)
OF: Final = ("repositoryname", "projectname", "applicationname", "appname", "servicename")
BRANCH: Final = ("headbranch", "branch", "ref")
PLACES: Final = ("environmentname", "environment", "target", "context", "buildstage", "deploymenttarget")
DEPLOYS = re.compile(r"prod|deploy|release|rollout|publish", re.IGNORECASE)
MAIN = re.compile(r"main|master|trunk|stable|prod.*|release.*|v?\d.*", re.IGNORECASE)
PREVIEW = re.compile(r"preview|branch-deploy|review/.*|deploy-preview", re.IGNORECASE)
"""Where something is deployed to be looked at."""
REF = re.compile(r"^(?:refs/(?:heads|tags)/|origin/)")
HOSTED: Final = ("full_name", "path_with_namespace")
"""What a code host's repository has, and nobody else's."""


def ran(content: Mapping[str, Any], found: Found) -> dict[str, str]:
    """The title, key and state of a run; what else a code host tells is a notice; nothing for any other body."""
    hosted = _is_of_code_host(content)
    if not _is_run(content, found):
        return {"state": "a notice"} if hosted and not _is_alert(content) else {}
    state = next((word for name in SAID if (word := outcome(found.values.get(name, "")))), "") or _ended(found)
    if not state:
        return {}
    of = found.first(OF) or ""
    name = found.first(CALLED) or found.first(("objectkind", "resource")) or of or "A run"
    if _is_aside(content, found) or (state == "firing" and hosted and not _deploys(content, found, name)):
        state = "no deployment"
    title = f"{name} failed" if name == of or not of else f"{name} of {of} failed"
    service = found.values.get("service") or of or name
    return {"title": title, "key": mark(name, of, found.first(PLACES)), "state": state, "service": service}


def _ended(found: Found) -> str:
    """Of a run that only says that it is over: well, where that is its state, and else nobody can read how."""
    if "conclusion" not in found.values and text(found.first(("status", "state"))).lower() in OVER:
        return "resolved"
    return "firing" if any(OVER & {*words(found.values.get(name, ""))} for name in SAID) else ""


def _is_run(content: Mapping[str, Any], found: Found) -> bool:
    if found.first(SEVERITIES) or content.keys() & ALERTS:
        return False
    parts = {word for name in SAID for word in words(found.values.get(name, ""))}
    numbers = (f"{run}{number}" for run in RUNS for number in ("id", "number"))
    return not parts & ALERTS and bool(parts & RUNS or found.first((*NUMBERS, *numbers)))


def _is_aside(content: Mapping[str, Any], found: Found) -> bool:
    """Whether it ran on a branch or in a place whose state does not count: neither its failure nor its success does."""
    previewed = (part(content.get("payload")) or {}).get("target", "") is None  # Vercel names production alone
    if previewed or PREVIEW.fullmatch(found.first(PLACES) or ""):
        return True
    branch = REF.sub("", found.first(BRANCH) or "")
    return branch not in ("", found.values.get("defaultbranch")) and not MAIN.fullmatch(branch)


def _deploys(content: Mapping[str, Any], found: Found, name: str) -> bool:
    """Whether what failed brings something to where it is used, by its own name or that of a step."""
    steps = [one for one in objects(content.get("builds")) if outcome(text(one.get("status"))) == "firing"]
    told = [name, *(found.values.get(place, "") for place in PLACES)]
    told += [f"{text(one.get('stage'))} {text((part(one.get('environment')) or {}).get('name'))}" for one in steps]
    return any(DEPLOYS.search(one) for one in told)


def _is_of_code_host(content: Mapping[str, Any]) -> bool:
    places = (part(content.get(name)) or {} for name in ("repository", "project"))
    return "object_kind" in content or any(name in place for place in places for name in HOSTED)


def _is_alert(content: Mapping[str, Any]) -> bool:
    """An alert of a scanner, or an issue of GitLab that is an incident."""
    about = part(content.get("object_attributes")) or {}
    return "alert" in content or text(about.get("type")).lower() == "incident"
