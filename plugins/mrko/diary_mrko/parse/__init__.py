"""Wire to core model, one module a topic: pure functions, nothing invented."""
