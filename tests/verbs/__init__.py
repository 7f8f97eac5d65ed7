"""The verbs of a rendered project, called as its owner would."""
