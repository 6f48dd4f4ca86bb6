"""The program told as tests: one folder per noun, one file per action; `shape/` tests the program's own form."""
