"""Playing recorded days through the program by its ordinary actions, under a driven clock (docs/adr/0010-replay.md).

`boston` reads a city's service requests, `letters` messages to a mayor with their official replies. Each makes the
installation it needs, puts what is recorded into a `Course`, and `checks` says at the end what does not hold.
"""
