"""The neural look: an actor as Gaussians that ride the body, learned from the film or the raster look."""
