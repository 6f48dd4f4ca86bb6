"""Photos: checked, re-encoded, encrypted and on disk before anybody is told that they were taken."""
