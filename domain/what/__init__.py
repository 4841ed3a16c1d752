"""What can happen to an incident, one model per kind, by the part of the procedure it belongs to."""
