"""The style sheets and scripts of the room, and the policy under which a page may use them."""

import base64
import hashlib
from functools import cache
from importlib.resources import files


@cache
def asset(name: str) -> str:
    """Return a style sheet or script of the room as text."""
    source = files("netralitas_nlp.report").joinpath("templates", name)
    return source.read_text(encoding="utf-8").replace("\r\n", "\n")


def security_policy(style: str, script: str | None = None) -> str:
    """Return the content security policy: our style, our script, and nothing else at all.

    Args:
        style: The style sheet of the page.
        script: Its script; a page without one may run none.
    """
    nothing = "default-src 'none'; base-uri 'none'; form-action 'none'"
    scripts = "" if script is None else f"; script-src {_hash(script)}"
    return f"{nothing}; style-src {_hash(style)}{scripts}"


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
