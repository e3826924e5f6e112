"""The diary's services: from a checked call to an answer, one module a topic."""
