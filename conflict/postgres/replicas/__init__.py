"""Several servers for the readers: streaming replicas, and the primary when none of them will do.

What is promised: the log that a reader sees never goes backwards. Replicas are behind the primary, each by another
moment, so every process asks the server it is about to use for the log's head, in place of Django's `SELECT 1`, and
takes another one where that is behind

- the highest head that was shown by any process of the machine (`floor.py`), and by any machine where they share
  a cache;
- what the request itself says its sender has seen (`seen.py`).

A replica that is behind the primary for more than seconds is passed over too. One that does not answer is passed
over for seconds, then tried again. The primary is known by itself: it is the one that is not in recovery.

What is not promised: where no server that answers has what was shown (the primary died before its last publication
reached a replica), the newest goes on answering, and the log of the process says so. A reader who names what they have
seen is told 503 instead. `synchronous_standby_names` on the primary closes that gap.
"""
