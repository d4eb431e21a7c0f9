"""The panes of the war room, one module each."""
