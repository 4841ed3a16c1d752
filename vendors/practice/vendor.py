"""Plays every role and reaches nobody: for drills."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="practice",
    roles=("pager", "room", "status_page", "notebook", "tracker", "mailer", "support"),
)
