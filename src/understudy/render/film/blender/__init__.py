"""The side of the process boundary that speaks to Blender; it needs numpy and bpy, and nothing of Understudy."""
