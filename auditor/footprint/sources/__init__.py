"""Sources on the network that tell of an identifier that its owner proved. One file a source, found by itself.

A source's file has `SOURCE`: where it is asked, what is asked for whom, and a pure reading of its answers.
"""
