"""A casting brief in plain words becomes a recipe: read, refused when it must be, and filled up by chance."""
