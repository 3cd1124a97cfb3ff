"""One command a file: `HELP`, `configure(parser)` and `run(args) -> exit status`. They wire, and contain no rule."""
