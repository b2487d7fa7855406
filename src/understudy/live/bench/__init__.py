"""What a live talk costs and how quick it is, measured at a client over a real socket."""
