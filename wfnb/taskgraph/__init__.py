"""RUN: tasks, their memo, the driver that runs what is ready, and the workers that help it.

Reading order: `tasks` (the records), `families` (all tasks of one rule), `driver` (the hot path),
`sessions` (one outside request), `graph` (the memo as a whole: attach, clear, dirty).
"""
