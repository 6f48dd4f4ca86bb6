"""Who is told what over which channel."""
