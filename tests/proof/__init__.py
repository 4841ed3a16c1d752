"""Slow proofs: crashes, storms, long lives; `make proof` runs them."""
