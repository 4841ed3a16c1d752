"""An event of Kubernetes or Flux, as exporters pass it on: it is about a thing, and its own name is new each time.

https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
https://fluxcd.io/flux/components/notification/events/
"""

from collections.abc import Mapping
from typing import Any

from vendors.said import pairs, part, text


def about(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event with the name of what it is about; any other body as it is.

    Of Flux a success ends what failed, and other news is none; of Kubernetes it is none, and ends nothing.
    """
    thing = part(content.get("involvedObject")) or part(content.get("regarding"))
    if not thing or not thing.get("name"):
        return content
    place = "/".join(text(word) for word in (thing.get("namespace"), thing["name"]) if word)
    named, reason = f"{text(thing.get('kind'))} {place}".strip(), text(content.get("reason"))
    told: dict[str, Any] = {"title": ": ".join(word for word in (reason, named) if word), "key": f"{named} {reason}"}
    if "severity" in content:
        over = reason.endswith("Succeeded") and not reason.startswith(("Rollback", "Uninstall"))
        news = text(content["severity"]).lower() == "info"
        told |= {"key": named, "state": "resolved" if news and over else "pending" if news else "firing"}
    elif content.get("type") == "Normal":
        told["state"] = "pending"
    named_in = (content.get(name) for name in ("eventTime", "timestamp", "lastTimestamp", "firstTimestamp"))
    began = next((at for at in named_in if at), None)
    labels = {name: value for name, value in thing.items() if isinstance(value, str)} | pairs(thing.get("labels"))
    told |= {"description": content.get("message") or content.get("note"), "labels": labels, "fired_at": began}
    return {"kind": "alert", "severity": content.get("severity")} | told
