"""A clerk's own desk: saved views of the queue, who is looking at a case right now, pairs that were told apart, and
hints that are needed no more."""
