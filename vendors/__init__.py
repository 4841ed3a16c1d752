"""One folder per vendor, the same names inside: client.py speaks, webhook.py listens, standin.py plays the vendor."""
