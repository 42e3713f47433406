"""High-volume load: an engine that encodes once, Locust as its driver, and a ledger at the end.

Only :mod:`simulators.load.worker`, :mod:`simulators.load.users` and the locustfile import Locust,
which patches the whole process; they run in processes of their own.
"""
