"""What can go wrong, told apart by whose fault it is.

Every message is one sentence that says what is wrong and where; the hint, when there is one,
says what to do about it.
"""


class CjphError(Exception):
    """Something could not be done; the command line ends with `exit_code`."""

    exit_code = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(CjphError):
    """The caller asked for something that does not exist or does not fit."""


class InputError(CjphError):
    """What was read is broken: not Turtle, not SPARQL, not UTF-8, not readable."""


class RefusedError(CjphError):
    """What was asked for is understood and not done, because it is not safe."""


class LimitError(CjphError):
    """What was asked for is larger than the bounds kept here."""

    exit_code = 3


class EndpointError(CjphError):
    """A server elsewhere failed, cannot be reached, or cannot be relied on."""


class QueryError(EndpointError):
    """A server elsewhere failed on one query; it may answer others."""
