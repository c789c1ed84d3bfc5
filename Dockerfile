# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

# Everything that has to be installed happens here, so that the image that runs holds no installer's traces.
FROM python:3.11-slim-bookworm AS build
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/waarmerk \
    && /opt/waarmerk/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --no-deps --only-binary :all: -r /tmp/requirements.lock \
    && /opt/waarmerk/bin/pip uninstall --yes --quiet pip setuptools
COPY app /opt/waarmerk/source/app
COPY policies /opt/waarmerk/source/policies
COPY watermark /opt/waarmerk/source/watermark
COPY LICENSE /opt/waarmerk/
# Compiled once here: the file system is read-only where it runs.
RUN /opt/waarmerk/bin/python -m compileall -q /opt/waarmerk/source

FROM python:3.11-slim-bookworm
COPY --from=build /opt/waarmerk /opt/waarmerk
ENV PATH=/opt/waarmerk/bin:$PATH \
    PYTHONPATH=/opt/waarmerk/source \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WAARMERK_ENVIRONMENT=production \
    WAARMERK_HOME=/var/lib/waarmerk \
    WAARMERK_HOST=0.0.0.0
# A number, because Kubernetes can only see of a number that it is not root. The volume is the only place that is written to.
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/waarmerk
USER 10001:10001
WORKDIR /var/lib/waarmerk
VOLUME /var/lib/waarmerk
EXPOSE 8484
# The guard answers to its own names only, so the question is asked under one of them.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", "\
import http.client, os; \
names = os.environ.get('WAARMERK_ALLOWED_HOSTS') or os.environ['WAARMERK_PUBLIC_ADDRESS'].partition('://')[2]; \
door = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('WAARMERK_PORT', '8484')), timeout=2); \
door.request('GET', '/health/ready', headers={'Host': names.split(',')[0].strip()}); \
raise SystemExit(door.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
