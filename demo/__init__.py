"""The whole house on this machine: a real Temporal server, every vendor played, worker and ingress as processes."""
