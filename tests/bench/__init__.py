"""What the engine costs, measured side by side with its peers: ``make bench``."""

import sys
from pathlib import Path

# The engine under the name by which Ansible knows it, as ansible.cfg and pytest have it.
sys.path.insert(0, str(Path(__file__).parents[2] / "collections"))
