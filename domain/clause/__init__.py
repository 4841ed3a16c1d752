"""The rules of the procedure, one file per family of clauses.

A family offers what it has of: an answer to each act it knows, `clocks`, `duties`, `settle` (what the state itself asks
for) and `rings` (what follows when one of its clocks rings).
"""
