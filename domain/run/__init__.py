"""How an incident moves on under the procedure: what is due and owed, what follows, and who is told of it."""
