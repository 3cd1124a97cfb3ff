"""A runner: `python -m auditor.engine`. Only an engine starts it."""

import sys

from auditor.engine.runner import serve
from auditor.imported import imported
from spiders.unread_certificates import unread_certificates

if __name__ == "__main__":
    with unread_certificates():
        stages = imported("auditor.engine.stages")
    sys.exit(serve(stages.begin))
