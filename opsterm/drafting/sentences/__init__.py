"""What a draft says, a sentence at a time: each from what is recorded, or with a bracket that asks for it."""
