"""The families of review rules, one module each, with a `find(reviewed, reader)`, or one more argument for the record.

The rules are for language: word lists live in `data/words.*.toml` and `data/jargon.*.toml`, grammar in the modules.
Sources: field notes on stakeholder updates §3, §4; what counts as true follows the labelling guide of public updates.
"""
