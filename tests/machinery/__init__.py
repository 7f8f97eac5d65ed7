"""The matrix knows every question, and shows every pair and triple that it promises."""
