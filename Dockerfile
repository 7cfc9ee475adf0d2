# The market as one image: the same `market serve` that `make run` starts, as a user without rights.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --create-home --uid 10001 market && install --directory --owner market /srv/market /var/lib/market
WORKDIR /srv/market

# First what changes rarely, every file of it by its hash.
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps .

USER market
ENV MARKET_HOME=/var/lib/market HOST=0.0.0.0 PORT=8000
VOLUME /var/lib/market
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["market", "serve"]
