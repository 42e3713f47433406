"""Names of the flaws of HTTPS, for the tests that count flaws."""

WEB_TLS_FLAWS = ("web_plain_on_tls", "web_plain_beside", "web_tls_min_1_0", "web_no_hsts")
