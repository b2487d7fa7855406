"""Ways out for live animation: Unreal, VTuber programs, VRChat, anything that reads JSON.

An outlet is a class with a `card` and a line under `[project.entry-points."understudy.stream"]`.
"""
