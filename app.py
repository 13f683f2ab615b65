"""The WSGI application, for gunicorn (`gunicorn app:server`) and for `python app.py`."""

from dataviewer import cli, create_app

if __name__ == "__main__":
    raise SystemExit(cli.main(["serve"]))

app = create_app()
server = app.server
