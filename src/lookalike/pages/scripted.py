"""A page with a script of its own: the only one that its browser is allowed to run."""

import json
from base64 import b64encode
from hashlib import sha256

from lookalike.pages.frame import POLICY


def with_script(page: str, *, style: str, script: str, data: object, name: str) -> str:
    """The page with more style, some data and a script at its end.

    Args:
        page: made by `frame.page`.
        style: CSS, without a `<` in it.
        script: JavaScript, without a `<!--` or a `</script` in it.
        data: JSON for the script.
        name: id of the element that holds the data.
    """
    digest = b64encode(sha256(script.encode()).digest()).decode()
    allowed = f"{POLICY}; script-src 'sha256-{digest}'"
    # A "<" might close the element, and is the same to JSON when it is written so.
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    head, _, rest = page.replace(POLICY, allowed, 1).partition("</style>")
    body, _, end = rest.rpartition("</body>")
    return (
        f"{head}{style}</style>{body}"
        f'<script type="application/json" id="{name}">{text}</script>\n'
        f"<script>{script}</script>\n</body>{end}"
    )
