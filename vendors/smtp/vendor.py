"""Mail by SMTP: plays the mailer."""

from vendors.vendor import Vendor

VENDOR = Vendor(name="smtp", roles=("mailer",), needs=("SMTP_URL", "MAIL_FROM"))
