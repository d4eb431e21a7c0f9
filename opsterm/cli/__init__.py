"""The calls of the command line: one module a family, each with `add`, which puts its calls on the parser."""
