"""People who may sign in, their second factor, how long a session lasts, and tokens for programs."""
