"""The procedure as pure data and functions: no clock, no I/O, no Temporal.

Whoever imports any of it knows every kind of fact and act: events are read the same in every process.
"""

from domain.incident import record as record
from domain.procedure import sop as sop
