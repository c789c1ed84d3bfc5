# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

# Named once: a release adds the digest that it was built on (name:tag@sha256:…).
FROM python:3.11-slim-bookworm AS base

# The wheel of the project, built with the locked build tools and nothing fetched on the side.
FROM base AS wheel
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

# Everything that runs. Installing a wheel runs nothing of it, but what it leaves for the start of Python runs with the
# next command: so it is looked for before there is one. The code is compiled here: where it runs, nothing can be written.
FROM base AS environment
WORKDIR /source
COPY requirements.lock ./
COPY --from=wheel /wheel /wheel
RUN python -m venv /opt/waarmerk \
    && /opt/waarmerk/bin/pip uninstall --yes --quiet setuptools \
    && /opt/waarmerk/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements.lock \
    && test -z "$(find /opt/waarmerk -name '*.pth' -o -name 'sitecustomize*' -o -name 'usercustomize*')" \
    && /opt/waarmerk/bin/pip install --no-cache-dir --no-index --no-deps /wheel/*.whl \
    && /opt/waarmerk/bin/pip uninstall --yes --quiet pip

FROM base
# The installer that the base brings stays behind as well, with the copy from which Python would make it anew.
RUN rm -r "$(python -c 'import ensurepip; print(*ensurepip.__path__)')" \
    && python -m pip uninstall --yes --quiet setuptools wheel pip
COPY --from=environment /opt/waarmerk /opt/waarmerk
# MALLOC_ARENA_MAX: few threads allocate at once here, and each arena of its own costs memory.
# PYTHONSAFEPATH: no module is looked for in the working directory, which here is the one place that can be written to.
ENV PATH=/opt/waarmerk/bin:$PATH \
    MALLOC_ARENA_MAX=2 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONSAFEPATH=1 \
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
# The guard answers to its own names only, so the question is asked under one of them. A certificate names the public host
# and not 127.0.0.1, so of its own it is not compared.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", "\
import http.client, os, ssl; \
names = os.environ.get('WAARMERK_ALLOWED_HOSTS') or os.environ['WAARMERK_PUBLIC_ADDRESS'].partition('://')[2]; \
place = {'host': '127.0.0.1', 'port': int(os.environ.get('WAARMERK_PORT', '8484')), 'timeout': 2}; \
tls = os.environ.get('WAARMERK_TLS_CERTIFICATE'); \
door = http.client.HTTPSConnection(**place, context=ssl._create_unverified_context()) if tls else http.client.HTTPConnection(**place); \
door.request('GET', '/health/ready', headers={'Host': names.split(',')[0].strip()}); \
raise SystemExit(door.getresponse().status != 200)"]
ENTRYPOINT ["waarmerk"]
CMD ["serve"]
