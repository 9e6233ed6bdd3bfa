"""Errors that a user sees: one line that says where, what was expected, what to do."""


class OutlookError(Exception):
    """An error for the person at the keyboard.

    Parameters
    ----------
    where : str
        File, address, row or option at fault.
    problem : str
        What was found and what was expected.
    todo : str
        What the user can do about it.
    """

    exit_code = 1
    #: Id of the dataset whose file is at fault, where that is known.
    dataset = ""

    def __init__(self, where: str, problem: str, todo: str) -> None:
        self.where, self.problem, self.todo = str(where), problem, todo
        super().__init__(f"{where}: {problem}. {todo}")

    def __reduce__(self):
        # An error raised in another process arrives whole.
        return type(self), (self.where, self.problem, self.todo), self.__dict__

    def __str__(self) -> str:
        # One line whatever a file or a server put into the message.
        return " ".join(f"{self.where}: {self.problem}. {self.todo}".split())


class UsageError(OutlookError):
    """The command was called wrongly: unknown code, missing file, bad option."""

    exit_code = 2


class SourceFailed(OutlookError):
    """A source could not be fetched or is not what its address promises."""

    exit_code = 4


class Unavailable(SourceFailed):
    """A source's file cannot be had: nothing is there, or no server answers with it."""


class ShapeChanged(OutlookError):
    """A source arrived whole, but its sheets, columns or values are not as contracted."""

    exit_code = 5
