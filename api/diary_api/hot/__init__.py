"""Answers kept in the process's memory, served before anything is routed or read."""
