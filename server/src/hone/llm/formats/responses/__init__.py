"""OpenAI's Responses (API reference, "Responses"), as clients speak it.

What a provider keeps between calls (`previous_response_id`, `conversation`, `background`) only that
provider has: such a request is passed through, never translated.
"""

from hone.llm.formats.base import ClientFormat
from hone.llm.formats.responses import answers, reading, writing

CLIENT = ClientFormat(reading.read, answers.write, writing.ResponsesWriter)
