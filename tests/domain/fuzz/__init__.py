"""Random companies and random incidents: what every policy that can be kept must hold."""
