"""What the servers send, one module a topic: lenient models that name only the fields we use."""
