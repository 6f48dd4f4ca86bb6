"""What is known of people: texts, contact data, sealed identities, receipts, and how all of it ends."""
