FROM python:3.13-slim

LABEL org.opencontainers.image.title="dataviewer" \
      org.opencontainers.image.description="Point it at data; get a fast, exact, shareable viewer." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"

# gunicorn's workers show that they live by touching a file: in memory, for containers whose disk is slow or read-only.
ENV PORT=8000 \
    DATAVIEWER_CACHE=/var/cache/dataviewer \
    GUNICORN_CMD_ARGS="--worker-tmp-dir=/dev/shm" \
    PYTHONUNBUFFERED=1

RUN useradd --uid 10001 --no-create-home viewer && install --directory --owner viewer /var/cache/dataviewer

WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py gunicorn.conf.py ./
COPY assets ./assets
COPY dataviewer ./dataviewer

USER viewer
# Converted here, once, so that every container starts at once.
RUN python -c "from dataviewer import Catalog; Catalog()"

EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["gunicorn", "app:server"]
