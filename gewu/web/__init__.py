"""Pages for residents and staff: input in, one domain action called, page out."""
