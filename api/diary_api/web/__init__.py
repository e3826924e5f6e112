"""Pages for people, and what keeps an eye on the gateway."""
