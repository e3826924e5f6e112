"""The public clients a parent's script could use instead, in an environment of their own."""
