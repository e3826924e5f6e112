"""Telling the school that a child will be away: an outbox, so that what is accepted arrives exactly once."""
