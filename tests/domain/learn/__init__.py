"""What is learned after the fight, and what is proved."""
