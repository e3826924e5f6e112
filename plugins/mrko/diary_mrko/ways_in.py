"""Which ways in a server has."""

from __future__ import annotations

from collections.abc import Sequence

from diary_core.provider import Instance
from diary_mrko.instances import MOSCOW, PERM
from diary_mrko.sign_in.mos_ru import MosRu
from diary_mrko.sign_in.mrko_account import MrkoAccount
from diary_mrko.sign_in.node_page import NodeGosuslugi, NodePage
from diary_mrko.sign_in.own_token import OwnToken
from diary_mrko.sign_in.way import WayIn


def ways_in(instance: Instance) -> Sequence[WayIn]:
    """Return the ways into one server, the best one first."""
    if instance.slug == MOSCOW:
        return (MosRu(), MrkoAccount(), OwnToken())
    if instance.slug == PERM:
        return (OwnToken(),)
    return (NodeGosuslugi(), NodePage(), OwnToken())
