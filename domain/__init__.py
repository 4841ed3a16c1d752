"""The procedure as pure data and functions: no clock, no I/O, no Temporal."""
