"""The worker: sealing, reactions, timers, messages, figures, retention."""
