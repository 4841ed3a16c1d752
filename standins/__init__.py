"""What plays the vendors, for demo and tests alone: built from what each vendor publishes, never from our client."""
