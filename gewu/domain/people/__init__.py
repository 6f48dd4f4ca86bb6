"""Units and posts: who serves which area in which role from when to when; absence, stand-in, handover."""
