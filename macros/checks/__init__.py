"""The numbered checks: small pure functions, one registry, run over the whole library."""

from .runner import check_library, check_project

__all__ = ["check_library", "check_project"]
