"""`python -m filterlab` is the `filterlab` command."""

from filterlab.cli import entry

if __name__ == "__main__":
    entry()
