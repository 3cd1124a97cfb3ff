"""Who the students are, without knowing their names: OneRoster in, keyed digests out, texts matched against them.

    archive -> oneroster, flags -> names -> build -> book, search
    (files)    (records)           (forms)  (digests)  (matching)

A name is readable only between `oneroster` and `build`, in memory, while an import runs. What is kept (`book.Roster`)
holds keyed digests alone.
"""
