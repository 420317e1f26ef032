"""The formats that clients and vendors speak, each read into `hone.llm.neutral` and written from it."""
