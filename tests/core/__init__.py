"""Tests of the foundations; plain pytest, no database."""
