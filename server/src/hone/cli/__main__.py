"""`python -m hone.cli` is `hone`."""

from hone.cli import main

if __name__ == "__main__":
    main()
