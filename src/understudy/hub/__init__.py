"""Every noun that crosses a stage. Plain frozen data; nothing here knows a stage."""
