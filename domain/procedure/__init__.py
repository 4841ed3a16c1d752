"""The SOP, one file per subject: its clauses, what people can do, what can happen, what is due and what is owed."""
