"""The street offline: script to film. Composition only; every step is a stage that can be called alone."""
