"""Show every table of a SQLite file in D-Tale, each under its name, until ended: dtale_script.py FILE PORT."""

import sqlite3
import sys

import dtale
import pandas as pd
from dtale.views import startup

database, port = sys.argv[1], int(sys.argv[2])
connection = sqlite3.connect(database)
names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
frames = {name: pd.read_sql(f'SELECT * FROM "{name}"', connection) for name in names}
last = frames.pop(names[-1])
for name, frame in frames.items():
    startup(f"http://127.0.0.1:{port}", data=frame, name=name)
dtale.show(last, name=names[-1], host="127.0.0.1", port=port, subprocess=False, reaper_on=False)
