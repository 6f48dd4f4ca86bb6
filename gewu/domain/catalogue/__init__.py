"""The catalogue: class > subclass > filing condition, each condition with one limit and one closing condition.

`seed/` holds the starting catalogue as tables; `actions.load_seed` takes it in, again and again without harm. A changed
condition is a new row; a case keeps the row it was filed under.
"""
