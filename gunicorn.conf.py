"""How gunicorn serves the viewer; the Procfile, the Dockerfile and the tests all read it.

The platform says how many processes (WEB_CONCURRENCY) and where to listen (PORT): gunicorn reads both itself.
"""

worker_class = "gthread"
threads = 4
# The catalogue is opened once and shared; DuckDB is opened in each worker, after the fork.
preload_app = True
# Heroku's router gives up after 30 s too.
timeout = 30
graceful_timeout = 20
keepalive = 75
control_socket_disable = True
# Arrow's own allocator keeps what it has freed: 70 MB more a worker once every dataset was open.
raw_env = ["ARROW_DEFAULT_MEMORY_POOL=system"]
limit_request_line = 8190
accesslog = None
