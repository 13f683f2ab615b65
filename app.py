"""The WSGI application, for gunicorn (`gunicorn app:server`) and for `python app.py`."""

from dataviewer import create_app

if __name__ == "__main__":
    from dataviewer import cli  # needs gunicorn, which another WSGI server does without

    raise SystemExit(cli.main(["serve"]))

app = create_app()
server = app.server
