"""Several servers for the readers: streaming replicas, or the primary if none of them qualifies.

Guaranteed: the log that a reader sees never goes backwards. Replicas lag behind the primary, each by a different
amount, so instead of Django's `SELECT 1` every process queries the head of the log on the server it is about to use,
and takes another server if that one is behind

- the highest head shown by any process of the machine (`minimum_head.py`), or by any machine if they share a cache;
- the head that the request itself says its sender has seen (`middleware.py`).

Replicas that lag by more than a few seconds are skipped too. One that does not respond is skipped for seconds, then
tried again. The primary identifies itself: it is the one not in recovery.

Not guaranteed: if no responding server has what was shown before (the primary died before its last publication reached
a replica), the newest one continues to serve, and the process logs this. A reader whose request names a later head gets
a 503 instead. `synchronous_standby_names` on the primary closes that gap.
"""
