"""Proving who a parent is: through a state identity service, never through a diary."""
