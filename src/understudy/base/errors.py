"""The one tree of errors.

A message is one sentence that says what is wrong, why, and what to do. The shells print it and exit with
`exit_code`; libraries raise it and never print.
"""


class UnderstudyError(Exception):
    """Anything Understudy itself reports."""

    exit_code = 1


class BadInput(UnderstudyError):
    """The user's script, file, name or option cannot be used as it is."""

    exit_code = 2


class UnknownName(BadInput):
    """A name that is not in a list; the message carries the names there are."""

    def __init__(self, kind: str, name: str, known: "list[str] | tuple[str, ...]") -> None:
        there = ", ".join(sorted(known)) or "none"
        super().__init__(f"There is no {kind} called '{name}'; choose one of: {there}.")
        self.name = name
        self.known = tuple(sorted(known))


class MissingExtra(UnderstudyError):
    """An optional package is needed and not installed."""

    exit_code = 2

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs packages that are not installed; run: pip install 'understudy[{extra}]'.")
        self.extra = extra


class Unavailable(UnderstudyError):
    """This machine lacks something: a graphics stack, disk space, a writable folder."""

    exit_code = 2


class NotAllowed(UnderstudyError):
    """The licence, the policy or the law of the stage forbids it."""

    exit_code = 2


class Interrupted(UnderstudyError):
    """The user stopped long work; what was finished is kept and the same command resumes."""

    exit_code = 130
