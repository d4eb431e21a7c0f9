"""Pages of what a team would otherwise forget: vendors, documents, meetings, dependencies, systems, people."""
