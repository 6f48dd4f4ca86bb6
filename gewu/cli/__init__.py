"""The one program `gewu` and its commands."""
