"""The JSON API: typed input in, one domain action called, JSON out."""
