"""Asks the site on this machine whether it is ready: `python -m newsroom.probe PORT`.

For health checks of containers, which have no other program for it.
"""

from __future__ import annotations

import http.client
import sys

from newsroom.environment import Environment


def ready(port: int) -> bool:
    """Whether `/readyz` answers 200."""
    # Under a name that the site answers to; one that begins with a dot stands for all below it.
    host = (
        Environment().words("NEWSROOM_HOSTS", "localhost")[0].lstrip(".").replace("*", "localhost")
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if ready(int(sys.argv[1])) else 1)
