"""Share of all requests but a monitor's in a process's threads: `/readyz` is answered even if everything else hangs."""

import threading
import time
from collections import deque

MONITORED = frozenset({"/healthz", "/readyz", "/metrics"})
HELD_UP = "chronology.held_up"  # in the environ of a request that is to be answered 503
SPARE = 1  # threads that a process has beside those that work
LOOK = 0.05  # seconds between looks at whether anything moves
LOOKS = 15


class MonitorShare:
    """Limit on the requests that are worked on at once; one more waits its turn, on the spare thread.

    It is refused once nothing has been finished in as many looks as it takes to be sure, and so is each after it until
    something is: a database that hangs would otherwise take every thread. Looks are counted rather than seconds, and only
    those in which this process hardly worked, so that a slow machine is not taken for a database that hangs.
    """

    def __init__(self, places: int) -> None:
        self.free, self.finished, self.is_stuck = places, 0, False
        self.waiting: deque[threading.Lock] = deque()  # each is released when its turn comes, the oldest first
        self._lock = threading.Lock()

    def enter(self) -> bool:
        with self._lock:
            if self.free:
                self.free -= 1
                return True
            if self.is_stuck:
                return False
            turn = threading.Lock()
            turn.acquire()
            self.waiting.append(turn)
        return self._comes(turn)

    def _comes(self, turn: threading.Lock) -> bool:
        looks, finished, worked = 0, self.finished, time.process_time()
        while looks < LOOKS:
            if turn.acquire(timeout=LOOK):
                return True
            stands_still = finished == self.finished and time.process_time() - worked < LOOK / 5
            looks, finished, worked = (looks + 1 if stands_still else 0), self.finished, time.process_time()
        with self._lock:
            if turn not in self.waiting:
                return True  # it came just now
            self.waiting.remove(turn)
            self.is_stuck = True
            return False

    def leave(self) -> None:
        with self._lock:
            self.finished += 1
            self.is_stuck = False
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self.free += 1
