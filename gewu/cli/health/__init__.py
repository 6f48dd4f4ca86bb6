"""What `gewu doctor` looks at: how much there is, and what is wrong."""
