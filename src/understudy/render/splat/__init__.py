"""The neural look: rigged Gaussians, taught by pictures of a slower look."""
