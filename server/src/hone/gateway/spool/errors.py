"""Why the spool says no.

* Unavailable 503
  - SpoolFull
  - SpoolUnwritable
* Conflict 409
  - LaneInUse
"""

import errno

from hone.core.errors import Conflict, Unavailable

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class SpoolFull(Unavailable):
    """There is no room to log this call durably, so it was not started."""

    code = "spool_full"


class SpoolUnwritable(Unavailable):
    """The log of calls cannot be written, so this call cannot be served."""

    code = "spool_unwritable"


class LaneInUse(Conflict):
    """This lane still has a writer."""

    code = "lane_in_use"


def reason(error: BaseException) -> dict[str, object]:
    """Say what failed, for the caller: without the path, which is ours."""
    said = error.strerror if isinstance(error, OSError) else None
    return {"reason": said or type(error).__name__}


def refusal(error: OSError) -> type[SpoolFull] | type[SpoolUnwritable]:
    """Choose what a failed system call means for the caller."""
    return SpoolFull if error.errno in _NO_SPACE else SpoolUnwritable
