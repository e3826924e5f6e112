"""How many requests were sent to diaries for each parent: no more than a parent would make, and shown."""
