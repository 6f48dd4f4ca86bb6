"""What `gewu bench` measures and how: temporary installations, the machine's floor beside each figure, nine rounds."""
