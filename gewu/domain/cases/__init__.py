"""The case line: one matter from report to closing.

`workflow.py` says which move follows which, who takes it and what it needs; `clocks.py` how long things may take;
`actions/` are the only code that writes; `queries.py` is the gate through which rows reach a page or the API.
"""
