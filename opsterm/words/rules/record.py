def contradictions(*a): return []
def stale(*a): return []
