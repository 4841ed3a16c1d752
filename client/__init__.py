"""One client of the engine for everybody who asks something of incidents: the ingress, the board, the command line."""
