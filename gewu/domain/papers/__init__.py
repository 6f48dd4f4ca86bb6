"""What is said in words and set on paper: case files, lists as tables, slips, signs and posters."""
