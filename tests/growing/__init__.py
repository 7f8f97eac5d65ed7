"""The page "Growing" of a project, followed word for word."""
