"""What the records promise, on both databases."""
