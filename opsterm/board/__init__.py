"""The local file: every change known here, and the record tables worked out from them."""
