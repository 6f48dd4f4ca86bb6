"""Gewu 格务, the working system of a neighbourhood service grid."""

__version__ = "0.1.0"
