"""The library of scenarios, played by the simulator and by the engine."""
