# The site and its worker as one image. It runs as nobody in particular and writes to /tmp alone;
# compose.yaml says how its parts go together, docs/deploy.md how to bring it up.
FROM python:3.12-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt ./
# Wheels alone, of the pinned hashes: nothing is built, and no script of a package runs.
RUN python -m venv /opt/newsroom \
    && /opt/newsroom/bin/pip install --no-cache-dir --disable-pip-version-check \
       --only-binary :all: --require-hashes --requirement requirements.txt

FROM python:3.12-slim-bookworm
RUN groupadd --system --gid 10001 newsroom \
    && useradd --system --uid 10001 --gid newsroom --no-create-home --shell /usr/sbin/nologin newsroom
ENV PATH=/opt/newsroom/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/newsroom
COPY --from=packages /opt/newsroom /opt/newsroom
COPY LICENSE manage.py gunicorn.conf.py ./
COPY docs/licences.md docs/
COPY newsroom newsroom
COPY statements statements
COPY templates templates
COPY static static
# No database is asked for it, and the key is not kept: the real ones are given when it starts.
RUN DATABASE_URL=postgresql:///none NEWSROOM_SECRET_KEY=none python manage.py collectstatic --no-input
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-m", "newsroom.probe", "8000"]
CMD ["gunicorn", "newsroom.wsgi", "--bind", "0.0.0.0:8000"]
