"""Print the catalogue of engines as JSON: `python -m hone_trainer.engines`."""

import json
import sys

from hone_trainer.engines import catalogue

if __name__ == "__main__":
    sys.stdout.write(json.dumps(catalogue(), indent=1) + "\n")
