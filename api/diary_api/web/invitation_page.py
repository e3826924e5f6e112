"""The page an invitation's link leads to.

The invitation stands behind the `#` of its address, which a browser keeps to itself: it reaches neither this
server nor any log. The page only shows it, to be taken to an app where the trusted person has signed in.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from diary_api.documentation import PAGE, problems
from diary_api.gateway import Running
from diary_api.web.pages import page

router = APIRouter(tags=["grants"])


@router.get(
    "/invitation",
    summary="Open an invitation",
    response_class=HTMLResponse,
    responses={200: {"description": "What to do with the invitation", "content": dict(PAGE)}} | problems(),
)
async def open_invitation(gateway: Running) -> HTMLResponse:
    """Tell a trusted person, in Russian, how to accept the invitation whose link she has opened.

    Nobody can sign in on this page; it accepts nothing by itself.
    """
    return page("invitation", scripted=True, host=urlsplit(gateway.settings.public_url).netloc)
