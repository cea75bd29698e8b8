"""What a module answers when it cannot do its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .commit import CommitError
from .files import complaint
from .messages import listed, told
from .model import RegistryError

if TYPE_CHECKING:
    from pathlib import Path

# What may go wrong wherever a registry is read. Anything else is a defect, and shows as one.
EXPECTED = (RegistryError, CommitError, ValueError, OSError)


def failure(error: Exception, root: Path, language: str) -> dict[str, Any]:
    """Return what ``fail_json`` takes; the faults of the registry ``root`` are told in a language, and as data."""
    match error:
        case RegistryError():
            return {"msg": told(error, root, language), "problems": listed(error, language)}
        case OSError():
            return {"msg": complaint(error)}
    return {"msg": str(error)}
