"""The reference pages, written from the code: `python -m tools.reference`.

Each page is one function that returns Markdown. A page that cannot say what something is for
raises `Undocumented`, and so does the test that compares the pages with what is committed.
"""
