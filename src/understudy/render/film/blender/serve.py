"""The loop of the worker: reads a message, does it, answers, until the pipe closes.

Blender prints to the standard output, so the answers go through a copy of it and the original leads nowhere.
"""

import os
import sys
import time
from typing import Any, BinaryIO

from .wire import Message, receive, send


def main() -> int:
    """Serves until the pipe closes; returns the exit code."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = sys.stdin.buffer
    try:
        from .scene import Scene, survey
    except ImportError as error:
        send(answers, {"error": str(error), "kind": "import"})
        return 1
    send(answers, {"ready": survey()})
    return _loop(requests, answers, Scene)


def _loop(requests: BinaryIO, answers: BinaryIO, make: Any) -> int:
    scene: Any = None
    while True:
        try:
            message = receive(requests)
        except EOFError:
            return 0
        try:
            started, used = time.perf_counter(), processor_s()
            answer: Message
            if message["do"] == "build":
                scene = make(message["scene"])
                answer = {}
            else:
                answer = getattr(scene, message["do"])(message)
            answer["cost"] = {
                "wall_s": time.perf_counter() - started,
                "processor_s": processor_s() - used,
                "memory_mb": memory_mb(),
            }
        except Exception as error:  # whatever it is, the other side reports it as one sentence
            answer = {"error": f"{type(error).__name__}: {error}", "kind": "work"}
        send(answers, answer)


def processor_s() -> float:
    """Returns the processor seconds of this process, all threads together."""
    return time.process_time()


def memory_mb() -> float:
    """Returns the largest resident memory so far, 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
