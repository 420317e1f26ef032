"""Write the API's OpenAPI document: `python -m tools.openapi > ../openapi.json`."""

import json
import sys

from hone.app import create_api


def document() -> str:
    """Render the document as it is committed."""
    return json.dumps(create_api().openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
