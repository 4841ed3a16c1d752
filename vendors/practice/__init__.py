"""The practice vendor: plays every part of a drill that is not wanted for real."""
