"""Amazon CloudWatch, whose alarms come through SNS, signed with a certificate, or through EventBridge with a token."""
