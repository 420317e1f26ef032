"""The parent of all processes: it forks them, watches them, restarts what dies, ends them in order.

A program is a name and a function; the supervisor runs it in one or more forked children. It forks
before any thread exists and keeps none itself, so a restart years later is as safe as the first.
A child that is killed, fails or stops beating is started again; a supervisor that is killed takes
its children with it.
"""

from hone.core.supervisor.backoff import Backoff
from hone.core.supervisor.child import Program
from hone.core.supervisor.supervisor import Supervisor

__all__ = ["Backoff", "Program", "Supervisor"]
