"""What people's eyes, lids, heads and flashes of feeling do, as measures on the tracks of any take."""
