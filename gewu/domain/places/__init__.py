"""Places where people live or meet, with household counts; never a person."""
