"""Write the registry of an invented province.

python -m tests.bench.province --people 50000 --agencies 500 --out DIR
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .life import TODAY, YEAR, Province


def main(words: list[str] | None = None) -> None:
    """Write it, and tell how to plan a day of it."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.province", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--people", type=int, default=2000, help="people on the first day of the year (default 2000)")
    parser.add_argument("--agencies", type=int, default=20, help="agencies on that day (default 20)")
    parser.add_argument("--seed", type=int, default=2026, help="another seed gives another province (default 2026)")
    parser.add_argument("--quiet", action="store_true", help="leave out the year of decisions")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write the registry to")
    given = parser.parse_args(words)
    if given.agencies < 1 or given.people < 3 * given.agencies:
        parser.error("an agency has three people at least: who heads it, the deputy and the clerk")
    province = Province(given.people, given.agencies, given.seed)
    if not given.quiet:
        province.live_a_year()
    province.write(given.out)
    sys.stdout.write(f"{given.out}: any day of {YEAR} can be planned, such as -e as_of={TODAY}.\n")


if __name__ == "__main__":
    main()
