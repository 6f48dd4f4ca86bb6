"""What people suggest about this service itself, and what they are answered."""
