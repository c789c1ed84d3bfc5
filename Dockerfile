# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

# The wheel of the project, built with the locked build tools and nothing fetched on the side.
FROM python:3.11-slim-bookworm AS wheel
WORKDIR /source
COPY requirements-dev.lock ./
RUN awk '/^[a-z]/ { wanted = /^(editables|hatchling|packaging|pathspec|pluggy|trove-classifiers)==/ } wanted' \
        requirements-dev.lock > build.lock \
    && pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r build.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY policies policies
COPY watermark watermark
RUN pip wheel --no-cache-dir --no-build-isolation --no-deps --wheel-dir /wheel .

# Everything that runs. The installer stays behind, and the code is compiled here: where it runs, nothing can be written.
FROM python:3.11-slim-bookworm AS environment
WORKDIR /source
COPY requirements.lock ./
COPY --from=wheel /wheel /wheel
RUN python -m venv /opt/waarmerk \
    && /opt/waarmerk/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements.lock \
    && /opt/waarmerk/bin/pip install --no-cache-dir --no-index --no-deps /wheel/*.whl \
    && /opt/waarmerk/bin/pip uninstall --yes --quiet setuptools pip

FROM python:3.11-slim-bookworm
COPY --from=environment /opt/waarmerk /opt/waarmerk
ENV PATH=/opt/waarmerk/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WAARMERK_ENVIRONMENT=production \
    WAARMERK_HOME=/var/lib/waarmerk \
    WAARMERK_HOST=0.0.0.0
# A number below, because Kubernetes sees only of a number that it is not root. The volume is the one place that is written to.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/waarmerk --shell /usr/sbin/nologin waarmerk \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/waarmerk
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
ENTRYPOINT ["waarmerk"]
CMD ["serve"]
