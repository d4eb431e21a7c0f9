"""The pages of command, their keys, and a whole incident walked in real terminals."""
