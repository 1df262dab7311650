"""Accounts: signing in, passwords, the second factor, and who counts as trying too often."""
