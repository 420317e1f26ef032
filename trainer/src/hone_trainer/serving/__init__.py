"""The predictor: released versions of trained models over HTTP, each name swapped without a failed call.

`hone predict` and `hone up` start it and tell it, line by line, which versions are live and where their
files lie. A call shows the badge of its organization, and reaches that organization's models only.
"""
