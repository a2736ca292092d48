"""Every type that the offline provider carries out, a file per concern; `rows.py` is the vocabulary."""

from . import api, data, database, functions, observability, queues, routing, security, storage

DATA_SOURCES = data.DATA_SOURCES
ROWS = {}
for module in (api, database, functions, observability, queues, routing, security, storage):
    ROWS |= module.ROWS
