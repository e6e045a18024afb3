"""The numbered checks: small pure functions, one registry, run over the whole library."""

from .duplicates import closest_sections
from .runner import check_library, check_project, load

__all__ = ["check_library", "check_project", "closest_sections", "load"]
