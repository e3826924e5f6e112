"""What was done with an account: written with the deed, read by the account's owner."""
