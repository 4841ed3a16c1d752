"""The company of the demo with many services, so that many incidents are fought side by side."""

from pathlib import Path

from demo.play import POLICY
from demo.stack import ROOT
from tests import yaml


def company(folder: Path, services: int) -> dict[str, str]:
    """Write its files; every service is checkout's twin, with a name and a page of its own at the pager."""
    catalog = yaml.safe_load((ROOT / "catalog.yaml").read_text())
    twin = catalog["services"]["checkout"]
    names = [f"shop-{number:02}" for number in range(1, services + 1)]
    catalog["services"] = {name: _own(twin, name) for name in names}
    for listed in (*catalog["runbooks"], *catalog["accounts"]):
        listed.pop("services", None)
    for account in catalog["accounts"]:
        account["services"] = names
    policy = {"extends": str(POLICY), "name": "standfast-chaos", "alerts": {"default_service": names[0]}}
    written = {"CATALOG": catalog, "POLICY": policy}
    for name, data in written.items():
        (folder / f"{name.lower()}.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    return {f"STANDFAST_{name}": str(folder / f"{name.lower()}.yaml") for name in written}


def _own(twin: dict[str, object], name: str) -> dict[str, object]:
    at_pager = f"P{name.upper().replace('-', '')}"
    return {**twin, "title": name.title(), "aliases": [at_pager], "pagerduty": at_pager, "components": [f"cmp-{name}"]}
