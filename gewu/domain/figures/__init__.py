"""Figures: sums of what happened, by day and place; recountable from the journal."""
