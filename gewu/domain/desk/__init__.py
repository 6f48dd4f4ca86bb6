"""A clerk's own desk: saved views of the queue, who is looking at a case right now, and pairs that were told apart."""
