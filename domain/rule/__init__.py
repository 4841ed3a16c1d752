"""What a rule of the procedure is made of: an act with its questions, a clause with its promise, a ruleset, clocks."""
