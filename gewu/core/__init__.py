"""Foundations without tables, HTTP or settings: time, chance, places on the earth, hashes, texts, errors."""
