"""What each audience is told at each stage, in which order: one module an audience."""
