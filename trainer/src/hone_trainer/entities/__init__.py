"""Entities: which stretches of a text name what.

`tokens` cuts texts into tokens that know their place, `features` and `gazetteers` describe them, `vocabulary` makes
numbers of that, `crf` decides on whole sequences, `learning` finds its weights, `tagger` is what was learned,
`scoring` measures it, and `labelled`, `fit` and `card` are a run from its examples to its evidence.
"""
