"""Words everyone uses; numpy at most."""
