"""Whose certificates are believed where somebody is asked over HTTPS."""

import ssl
from functools import cache

import httpx


@cache
def authorities() -> ssl.SSLContext:
    """The certificate authorities that httpx trusts, SSL_CERT_FILE and SSL_CERT_DIR heeded.

    They are read once for the process: to read them takes longer than most questions that are asked under them.
    """
    return httpx.create_ssl_context()
