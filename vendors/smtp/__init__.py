"""Any SMTP server: the way customer e-mail leaves."""
