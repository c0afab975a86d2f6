"""What ends a script of this folder: a message, a hint, and the exit code that aufdb has for such a thing."""

REFUSED, BAD_DATA, NO_INPUT, NO_OUTPUT = 1, 65, 66, 73


class Failure(Exception):
    """Printed as aufdb prints its errors: `error: ...`, then `hint: ...`."""

    def __init__(self, code, message, hint=None):
        self.code = code
        super().__init__(f"error: {message}" + (f"\nhint: {hint}" if hint else ""))
