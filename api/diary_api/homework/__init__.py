"""Homework: by subject, overdue, ticked, and its files."""
