"""The company as its files say it: policy, catalog and scenarios, read and checked against each other."""
