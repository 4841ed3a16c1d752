"""What the parts cost, measured on the machine at hand; ratios are worth more than figures."""
