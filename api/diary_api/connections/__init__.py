"""Linked diaries: the conversation that signs in, what opens them, and whose children they show."""
