"""The tests: whole incidents in stories/, the house's own rules in house/, then one folder per floor."""
