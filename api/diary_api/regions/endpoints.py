"""Routes of the catalogue; open to anyone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.regions.schemas import Region, RegionList

router = APIRouter(prefix="/v1", tags=["regions"])


@router.get("/regions", summary="List regions", responses=problems())
async def list_regions(gateway: Running) -> RegionList:
    """List every region of the country: the diary system it uses, and whether it can be linked here."""
    return RegionList(items=gateway.catalogue.regions())


@router.get("/regions/{code}", summary="Show a region", responses=problems("region_unknown"))
async def show_region(
    code: Annotated[str, Path(description="Two digits.", examples=["77"])], gateway: Running
) -> Region:
    """Show a region's diaries, the ways to sign in to each, and what each can do, before anyone signs in."""
    return gateway.catalogue.region(code)
