"""What can go wrong, told apart by type.

A person's mistake is a `Mistake`; the web's weather is a value (`model.Blind`), not an exception; our bugs stay what
they are.
"""


class Mistake(Exception):
    """Something that a person can put right. Printed as it stands, without a traceback; exit status 2.

    `faults` holds one line a fault, each saying where, what and what to do next.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Busy(Exception):
    """Another run holds the district's lock; exit status 75. The text says which process and since when."""


class Stopped(Exception):
    """The person (Ctrl-C) or the system (SIGTERM) asked us to stop, or the engine is lost, of which the text tells.

    What was done is kept; exit status 3.
    """
