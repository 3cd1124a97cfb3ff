"""A runner: `python -m auditor.engine`. Only an engine starts it."""

import sys

from auditor.engine.runner import serve
from auditor.imported import imported

if __name__ == "__main__":
    sys.exit(serve(imported("auditor.engine.stages").begin))
