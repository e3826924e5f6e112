"""World in, wire out: pure functions, one module a topic."""
