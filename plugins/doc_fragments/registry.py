"""Documentation of the options that modules share which read a registry."""

from __future__ import annotations


class ModuleDocFragment:
    """Which registry, for which day, in which language; arguments.py has the specs."""

    DOCUMENTATION = r"""
options:
  registry:
    description: Folder with C(estate.yml), C(policy.yml), C(agencies/) and C(addresses/).
    type: path
    required: true
"""

    AS_OF = r"""
options:
  as_of:
    description:
      - The civil day to look at, as V(YYYY-MM-DD).
      - Today in the estate's time zone by default.
    type: str
"""

    CACHE = r"""
options:
  cache:
    description:
      - Folder of the caller's own for what was read, so that the next run parses only files that changed.
      - Nothing is kept by default.
    type: path
"""

    LANG = r"""
options:
  lang:
    description: Language of RV(msg) and of the faults, English or Vietnamese.
    type: str
    choices: [en, vi]
    default: en
"""

    FAULTS = r"""
options:
  lang:
    description: Language of the faults of a registry that cannot be used, English or Vietnamese; of nothing else.
    type: str
    choices: [en, vi]
    default: en
"""
