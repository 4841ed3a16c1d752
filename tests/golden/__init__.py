"""What the procedure brought about before: every event, duty and deadline of whole incidents, told apart by digests."""
