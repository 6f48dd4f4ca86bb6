"""The model town, a function of a seed."""
