"""The procedure without an engine or vendors: scenarios, drills, and a world in which they are played."""
