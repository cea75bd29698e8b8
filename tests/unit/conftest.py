"""What all unit tests share."""

from hypothesis import settings

# Nothing here measures time: that a machine is busy is no fault of what is tested.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
