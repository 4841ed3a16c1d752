"""Every vendor by name: the folders that lie here, so that a further vendor is a folder and nothing else."""

import importlib
import pkgutil

import vendors
from vendors.vendor import Vendor


def found() -> dict[str, Vendor]:
    """The vendors whose folders are there, each as its `vendor.py` says it is."""
    folders = sorted(one.name for one in pkgutil.iter_modules(vendors.__path__) if one.ispkg)
    known: list[Vendor] = [importlib.import_module(f"vendors.{name}.vendor").VENDOR for name in folders]
    return {one.name: one for one in known}


DIRECTORY = found()
