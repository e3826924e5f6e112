"""The МЭШ family: Moscow's diary, a regional node of the same code, and the old МРКО door."""

from diary_sandbox.mesh.legacy.app import build as build_legacy
from diary_sandbox.mesh.school import build as build_school
from diary_sandbox.mesh.sudir.app import build as build_sudir

__all__ = ["build_legacy", "build_school", "build_sudir"]
