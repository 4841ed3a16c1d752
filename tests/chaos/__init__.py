"""Everything is killed again and again while vendors misbehave, and then every effect is counted."""
