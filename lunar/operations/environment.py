"""Environment variables as the settings read them: all that is wrong is told at once."""

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """Values of variables by name; `problems` says in words what is wrong with them.

    A value that cannot be used gives the default, so that reading goes on to the next problem;
    `refuse_problems` comes last. No message repeats a value, since it may be a password.
    """

    def __init__(self, variables):
        self._variables = variables
        self.problems = []

    def text(self, name, default=""):
        """Return a text; a variable that is set to nothing counts as not set."""
        return self._variables.get(name, "").strip() or default

    def words(self, name):
        """Return what stands between commas or spaces."""
        return self.text(name).replace(",", " ").split()

    def choice(self, name, *choices):
        """Return one of `choices`, of which the first is the default."""
        text = self.text(name, choices[0])
        if text in choices:
            return text
        self.problems.append(f"{name} has to be {' or '.join(repr(one) for one in choices)}.")
        return choices[0]

    def is_on(self, name, default):
        """Return whether a switch is “on”."""
        return self.choice(name, *(("on", "off") if default else ("off", "on"))) == "on"

    def number(self, name, default, *, most):
        """Return a whole number from 0 to `most`."""
        text = self.text(name, str(default))
        if text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most:
            return int(text)
        self.problems.append(f"{name} has to be a whole number from 0 to {most}.")
        return default

    def parsed(self, name, parse):
        """Return what `parse` makes of a text, None without one or if parsing refuses it."""
        text = self.text(name)
        try:
            return parse(text) if text else None
        except ImproperlyConfigured as problem:
            self.problems.append(str(problem))
            return None

    def refuse_problems(self):
        """Raise ImproperlyConfigured if there is any problem."""
        if self.problems:
            raise ImproperlyConfigured(
                "The site does not start with these environment variables:\n"
                + "".join(f"  {problem}\n" for problem in self.problems)
                + "lunar/settings.py lists all of them. For work on this computer set "
                "LUNAR_ENV=local (manage.py does)."
            )
