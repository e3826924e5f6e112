"""Work nobody waits for: looking ahead, renewing, delivering, forgetting."""
