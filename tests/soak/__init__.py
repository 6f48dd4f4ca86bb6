"""The long versions: `make soak`."""
