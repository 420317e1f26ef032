"""Answers that somebody approved, and pages that say something: which of them answers a question, if any does.

`library` holds what can be said, `index` finds words and characters in it, `signs` compares a question with what was
found, `ranking` learns to put what answers first, `doubt` when to say nothing, `responder` is what was learned, and
`fit` and `card` are a run from its examples to its evidence.
"""
