"""What is recognised in texts: a document becomes a `Reading`.

emails, phones, addresses ─► contacts ─┐
(values in a line)          (whose)    ├─► reading
roster ─► students ────────────────────┘
"""
