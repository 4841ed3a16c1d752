"""Linear: plays the tracker and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="linear",
    roles=("tracker",),
    needs=("LINEAR_API_KEY", "LINEAR_TEAM_ID"),
    hears=True,
    answer=200,  # "return a HTTP 200 response" (linear.app/developers/webhooks)
)
