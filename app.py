"""The WSGI application, for gunicorn (`gunicorn app:server`) and for `python app.py`."""

from dataviewer import cli, create_app

app = create_app()
server = app.server

if __name__ == "__main__":
    raise SystemExit(cli.main(["serve"]))
