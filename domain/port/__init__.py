"""What the house asks of each kind of vendor: one file per role with its duties and its protocol, and messages."""
