"""Which day it is, for a store: days that people write, such as the last one of a dismissal, are the district's."""

from datetime import UTC, datetime, tzinfo


class Days:
    """The part of the store that knows the district's clock."""

    _zone: tzinfo = UTC

    def _local(self, now: datetime | None = None) -> datetime:
        """The moment on the district's clock, whatever clock it was read from; the present one where none is given."""
        moment = now or datetime.now(UTC)
        try:
            return moment.astimezone(self._zone)
        except OverflowError:  # the calendar's first and last day have no other zone
            return moment
